#!/bin/sh
# SPDX-License-Identifier: MIT
# user-unsuspend lets a user in again.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
plan 6
go user-suspend PUT "$mod" /bob/suspension '{"suspension":{"reason":"r"}}'

fn user-unsuspend -m DELETE -t "$mod" -p /bob/suspension -q reason=sorry
is "$status $body" '204 ' 'he is restored'
go user-get GET "$bob" ''
is "$(refusal)" '401 token: is invalid' 'what has ended stays so'
fn user-login -d '{"user":{"email":"bob@example.org",
    "password":"correct horse"}}'
is "$status" 200 'but he can log in'
go user-unsuspend DELETE "$mod" /bob/suspension
is "$status $(sql "SELECT string_agg(action || ' ' || reason, ', ' ORDER BY id)
    FROM moderation_log")" '204 user-suspend r, user-unsuspend sorry' \
    'again changes nothing; the log has both'
go user-unsuspend DELETE "$mod" /adm/suspension
is "$(refusal)" '403 profile: forbidden' 'an admin is left alone'

asked_by_moderator
bad_input user-unsuspend
