#!/bin/sh
# SPDX-License-Identifier: MIT
# user-get tells whose token it is, and refuses every token that is not ours.
. "${top_srcdir:-.}/tests/lib.sh"

db_start
ann=$(new_user ann)
plan 14

fn user-get -t "$ann"
is "$status $(json .user.username)" '200 ann' 'the user of the token'
is "$(json .user.token)" "$ann" 'with the token that was sent'
like "$headers" '^Cache-Control: no-store$' 'is not kept by anybody'
for header in "Bearer $ann" "bearer $ann" "token $ann"; do
	fn user-get -e "HTTP_AUTHORIZATION=$header"
	is "$status" 200 "accepted: ${header%% *}"
done

fn user-get
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'no token'
like "$headers" '^WWW-Authenticate: Token$' 'and which one is wanted'
fn user-get -e 'HTTP_AUTHORIZATION=Basic YTpi'
is "$(json '.errors.token[0]')" 'is missing' 'another scheme is no token'
for token in undefined "${ann}x" "x$ann" "${ann%.*}."; do
	fn user-get -t "$token"
	is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
	    "refused: $(echo "$token" | cut -c 1-12)..."
done

sql "DELETE FROM account WHERE username = 'ann'"
fn user-get -t "$ann"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'a user that is gone'
