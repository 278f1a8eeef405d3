#!/bin/sh
# SPDX-License-Identifier: MIT
# health answers without a database, to GET and HEAD only.
. "${top_srcdir:-.}/tests/lib.sh"

plan 9
fn health
is "$status" 200 'it answers'
is "$body" '{"status":"ok"}' 'that all is well'
like "$headers" '^Content-Type: application/json; charset=utf-8$' 'in JSON'
like "$headers" '^X-Request-Id: [0-9a-f-]{36}$' 'with an id of its own'
fn health -e HTTP_X_REQUEST_ID=abc.DEF-1_2
like "$headers" '^X-Request-Id: abc.DEF-1_2$' 'or the one it was given'
fn health -m HEAD
is "$status" 200 'HEAD is answered too'
fn health -m DELETE
is "$status $body" '405 {"errors":{"method":["is not allowed here"]}}' \
    'DELETE is not'
like "$headers" '^Allow: GET, HEAD$' 'and it says what is'

bad_input health
