#!/bin/sh
# SPDX-License-Identifier: MIT
# ready answers 200 with a database and 503 without.
. "${top_srcdir:-.}/tests/lib.sh"

db_start
plan 7
fn ready
is "$status $body" '200 {"status":"ok","database":"ok"}' 'with a database'
one_url 'host=/nonexistent user=nobody dbname=none'
fn ready
is "$status $body" \
    '503 {"errors":{"database":["is not available, try again"]}}' \
    'without one'
like "$headers" '^Retry-After: 1$' 'it says when to try again'
is "$(wc -l <"$tmp/log" | tr -d ' ')" 1 'the reason is logged once'
is "$(jq -r .level <"$tmp/log")" error 'as an error, in JSON'
one_url 'host=/nonexistent user=nobody password=hush-hush dbname=none'
fn ready
is "$(grep -c hush-hush "$tmp/log" "$tmp/out" | grep -vc ':0')" 0 \
    'without the password'

bad_input ready
