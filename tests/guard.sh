#!/bin/sh
# SPDX-License-Identifier: MIT
# A function's own authorisation, its own settings, a body of any bytes.
. "${top_srcdir:-.}/tests/lib.sh"

umask 077
cat >"$tmp/env" <<'END'
# settings of functions
TEST_KEY=key of the test
TEST_HOOK_KEY=hook
END
# ask [-e VAR=VALUE] [-q QUERY]: the settings come from the file.
ask() {
	body_text=$1
	shift
	status=$(printf %s "$body_text" | env -i REQUEST_METHOD=POST \
	    MAYFLY_ENV_FILE="$tmp/env" CONTENT_TYPE=text/plain "$@" \
	    "$top_builddir/tests/fn/guard" 2>"$tmp/log" | tr -d '\r' \
	    >"$tmp/reply"
	    sed -n 's/^Status: \([0-9]*\).*/\1/p; /^$/q' "$tmp/reply")
	body=$(sed '1,/^$/d' "$tmp/reply")
}
sign() { openssl dgst -sha256 -hmac hook "$@" | sed 's/.*= //'; }

plan 31
ask hello HTTP_X_API_KEY='key of the test'
is "$status $body" '200 {"by":"key","body":"hello","user":"7"}' \
    'the right key'
like "$(cat "$tmp/reply")" '^Cache-Control: no-store$' \
    'what a guard let through is for nobody else'
for key in '' 'key of the tesT' 'key of the test ' key 'key of the test2'; do
	ask hello HTTP_X_API_KEY="$key"
	is "$status $body" '401 {"errors":{"key":["is missing or wrong"]}}' \
	    "the key \"$key\" is none"
done
ask hello
is "$status" 401 'nor is no key'
ask hello HTTP_X_API_KEY='key of the test' QUERY_STRING=role=reader
is "$status $body" '403 {"errors":{"role":["may not"]}}' \
    'a key without the right'
ask hello QUERY_STRING='times=x&role=king'
is "$status $body" '401 {"errors":{"key":["is missing or wrong"]}}' \
    'who may not is told of no other fault'
ask hello HTTP_X_API_KEY='key of the test' QUERY_STRING='times=x&role=king'
is "$status $body" '422 {"errors":{"role":["must be one of: reader, writer"],"times":["must be an integer"]}}' \
    'who may is told of all of them'

signed=$(printf hello | sign)
ask hello HTTP_X_SIGNATURE="sha256=$signed"
is "$status $body" '200 {"by":"signature","body":"hello","user":null}' \
    'the signature of the body'
ask hello HTTP_X_SIGNATURE="sha256=$(printf hello |
    openssl dgst -sha256 -hmac hook -binary | openssl base64 -A)"
is "$status" 200 'as Base64, too'
ask hellO HTTP_X_SIGNATURE="sha256=$signed"
is "$status" 401 'that of another body'
for bad in "$signed" "sha256=${signed%?}" "sha256=${signed}0" sha256= \
    "sha1=$signed" "sha256=$(printf %064d 0)"; do
	ask hello HTTP_X_SIGNATURE="$bad"
	is "$status" 401 "no signature: $bad"
done

# --- a check of inputs that have faults of their own ----------------------------

check() {
	fn ../tests/fn/gate -m POST -q "ticket=1&$1"
	is "$status $body" "422 {\"errors\":$2}" "$1"
}
db_start
pair_table sql
sql 'INSERT INTO test_pair (id) VALUES (1)'
check 'a=9&b=8' '{"a":["must not be above b"]}'
check 'a=x&b=8' '{"a":["must be an integer","belongs to b"]}'
check 'b=8' '{"a":["can'\''t be blank","belongs to b"]}'
check 'a=60&b=x' '{"b":["must be an integer"],"a":["must not be above b"]}'

# --- settings ---------------------------------------------------------------

sed -i /TEST_HOOK_KEY/d "$tmp/env"
ask hello HTTP_X_API_KEY='key of the test'
is "$status $(logged)" \
    " TEST_HOOK_KEY is not set: add TEST_HOOK_KEY=... to $tmp/env" \
    'without a setting of its own it does not start, and says which'
ask hello HTTP_X_API_KEY='key of the test' TEST_HOOK_KEY=other
is "$status" 200 'the environment has settings, too'
mkdir "$tmp/fn" && cp "$top_builddir/tests/fn/guard" "$tmp/fn"
MAYFLY_ENV_FILE=$tmp/env "$top_builddir/mayfly" db statements "$tmp/fn" \
    >"$tmp/said" 2>&1
is "$? $(head -n 1 "$tmp/said")" "1 mayfly: $tmp/fn/guard: TEST_HOOK_KEY is not set: add TEST_HOOK_KEY=... to $tmp/env" \
    'a deploy finds out before'
echo TEST_HOOK_KEY=hook >>"$tmp/env"
MAYFLY_ENV_FILE=$tmp/env "$top_builddir/mayfly" db statements "$tmp/fn" \
    >"$tmp/said" 2>&1
is "$?" 0 'and is content when it is there'

# --- a body of any bytes ----------------------------------------------------

ask '' HTTP_X_API_KEY='key of the test'
is "$status $(json .body)" '200 ' 'an empty body'
ask '{"a":' HTTP_X_API_KEY='key of the test'
is "$status $(json .body)" '200 {"a":' 'a body that is nothing in particular'
ask x HTTP_X_API_KEY='key of the test' CONTENT_TYPE=application/json
is "$status $body" '415 {"errors":{"content-type":["must be text/plain"]}}' \
    'of another type'
