#!/bin/sh
# SPDX-License-Identifier: MIT
# user-set-role makes moderators and admins.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
plan 7

for role in moderator admin user; do
	go user-set-role PUT "$adm" /Bob/role "{\"user\":{\"role\":\"$role\"}}"
	is "$status $body" \
	    "200 {\"user\":{\"username\":\"bob\",\"role\":\"$role\"}}" \
	    "a $role"
done
is "$(sql "SELECT string_agg(concat(action, ' ', username, ' ', outcome), ', '
    ORDER BY id) FROM moderation_log")" 'user-role bob moderator, user-role bob admin, user-role bob user' \
    'the log has it'
go user-set-role PUT "$adm" /bob/role '{"user":{"role":"king"}}'
is "$status $(json '.errors | keys[0]')" '422 role' 'no such role'
sql "UPDATE account SET role = 'admin', suspended_at = now()
    WHERE username = 'bob'"
go user-set-role PUT "$adm" /adm/role '{"user":{"role":"user"}}'
is "$status" 409 'the last who is not suspended stays an admin'

reader_sql="UPDATE account SET role = 'admin' WHERE username = 'reader'"
bad_input user-set-role
