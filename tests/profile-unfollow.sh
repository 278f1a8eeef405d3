#!/bin/sh
# SPDX-License-Identifier: MIT
# profile-unfollow: one follows a user no more, once.
. "${top_srcdir:-.}/tests/lib.sh"

# follow NAME [TOKEN]: by ann.
follow() { fn profile-unfollow -m DELETE -t "${2-$ann}" -p "/$1/follow"; }

db_start
ann=$(new_user ann)
bob=$(new_user bob)
fn profile-follow -m POST -t "$ann" -p /bob/follow
fn profile-follow -m POST -t "$bob" -p /ann/follow
plan 9

follow bob
is "$status $body" \
    '200 {"profile":{"username":"bob","bio":null,"image":null,"following":false}}' \
    'the profile of whom one follows no more'
follow BOB
is "$status $(json .profile.following)" '200 false' 'again changes nothing'
is "$(sql 'SELECT count(*) FROM follow')" 1 'what others follow stays'
follow ann
is "$status" 200 'oneself nobody follows'
fn profile-unfollow -m DELETE -p /bob/follow
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'no stranger'
follow nobody
is "$status $body" '404 {"errors":{"profile":["not found"]}}' 'an unknown name'
sql 'UPDATE session SET ended_at = now()'
follow ann "$bob"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'a session that has ended'
is "$(sql 'SELECT count(*) FROM follow')" 1 'changes nothing'

bad_input profile-unfollow
