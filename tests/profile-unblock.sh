#!/bin/sh
# SPDX-License-Identifier: MIT
# profile-unblock lets somebody near again.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
plan 7
go profile-follow POST "$bob" /ann/follow
go profile-block PUT "$ann" /bob/block

go profile-unblock DELETE "$ann" /Bob/block
is "$status $body" \
    '200 {"profile":{"username":"bob","bio":null,"image":null,"following":false}}' \
    'he is blocked no more'
is "$(sql 'SELECT count(*) FROM follow')" 0 'but follows no more, either'
go profile-follow POST "$bob" /ann/follow
is "$status" 200 'until he does again'
go profile-unblock DELETE "$ann" /bob/block
is "$status" 200 'again changes nothing'
go profile-unblock DELETE "$ann" /nobody/block
is "$(refusal)" '404 profile: not found' 'nobody of this name'
go profile-unblock DELETE '' /nobody/block
is "$(refusal)" '401 token: is missing' 'a stranger'

bad_input profile-unblock
