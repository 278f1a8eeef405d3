#!/bin/sh
# SPDX-License-Identifier: MIT
# What a handler promises is checked: a broken promise ends the function with a
# line that says which, and never goes out as an answer.
. "${top_srcdir:-.}/tests/lib.sh"

plan 20
fn ../tests/fn/outcome
is "$status $body" '200 {"how":"well"}' 'a promise that is kept'
while IFS='|' read -r how why; do
	fn ../tests/fn/outcome -q "how=$how"
	is "$code $status" '134 ' "broken, $how: nothing is answered"
	like "$(logged)" "^bug: [a-z_]*\.c:[0-9]+: $why" \
	    "and the log says: $why"
done <<'END'
1|status 404 without an error: return reply_error
2|status 200, but an error for "how"
3|1 objects or lists are open: out_end
4|out_end\(\) without a beginning
5|299 is no status of http.h
6|status 200 without a body
7|the header X-Test has a line break
END
fn ../tests/fn/outcome -q how=8
is "$status $body" '500 {"errors":{"server":["failed"]}}' \
    'a reply beyond its limit is a 500'
is "$(logged)" \
    'the reply is larger than 1000 bytes: .limits.reply_max_bytes' \
    'and the log says which limit'

# MAYFLY_DEV=1: whoever asks is told.
fn ../tests/fn/outcome -q how=1 -e MAYFLY_DEV=1
is "$code $status $(json '.errors.server[0]')" '134 500 failed' \
    'in development it is answered before the end'
like "$(json '.errors.cause[0]')" '^bug: response.c:[0-9]+: status 404' \
    'with the cause'
fn ../tests/fn/query -e MAYFLY_DEV=1
is "$(json '.errors | keys_unsorted | join(" ")')" 'database cause' \
    'so is what is wrong with the database'
