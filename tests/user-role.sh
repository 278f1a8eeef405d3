#!/bin/sh
# SPDX-License-Identifier: MIT
# user-role says what role the user has.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
plan 4

go user-role GET "$bob" ''
is "$status $body" '200 {"user":{"username":"bob","role":"user"}}' 'a user'
go user-role GET "$adm" ''
is "$status $body" '200 {"user":{"username":"adm","role":"admin"}}' 'an admin'
sql "DELETE FROM account WHERE username = 'bob'"
go user-role GET "$bob" ''
is "$(refusal)" '401 token: is invalid' 'who is gone'

bad_input user-role
