#!/bin/sh
# SPDX-License-Identifier: MIT
# What was done is counted: GET /metrics says what Prometheus can read, its sums
# are what was sent, also when the instances have gone, and mayfly status says
# the same.  Nobody but this machine may ask, and who is silent keeps nobody out.
. "${top_srcdir:-.}/tests/lib.sh"

command -v promtool >/dev/null || skip_all 'promtool is not installed'

scrape() { curl -s -m 10 -o "$tmp/metrics" "$url/metrics"; }
# metric NAME FUNCTION [LABELS]: its number at the last scrape.
metric() {
	sed -n "s/^mayfly_function_$1{function=\"$2\",version=\"[0-9a-f]*\"${3-}} //p" \
	    "$tmp/metrics"
}
# class FUNCTION CLASS
class() { metric requests_total "$1" ",status_class=\"$2\""; }
classes() {
	echo "$(class "$1" none) $(class "$1" 1xx) $(class "$1" 2xx)" \
	    "$(class "$1" 3xx) $(class "$1" 4xx) $(class "$1" 5xx)"
}
of() {
	"$var/bin/mayfly" status -o json --run-dir "$var/run" |
	    jq -r ".functions[] | select(.name == \"$1\") | $2"
}
no_instances() {
	test "$("$var/bin/mayfly" status -o json --run-dir "$var/run" |
	    jq '[.functions[].instances[]] | length')" = 0
}
# ask N [OPTION]... PATH: N times, as fast as one can.
ask() {
	_n=$1
	shift
	for _i in $(seq "$_n"); do
		curl -s -m 20 -o "$tmp/body" -w '%{http_code}\n' "$@"
	done | sort | uniq -c | sed 's/^ *//' | paste -s -d ' '
}
login() { ask "$1" -H 'Content-Type: application/json' -d "$2" "$url/api/users/login"; }
left() {
	"$var/bin/mayfly" status -o json --run-dir "$var/run" |
	    jq .descriptors_left
}
less() { test "$(left)" -le $(($1 - $2)); }
silent() {
	curl -s -m 8 --unix-socket "$var/run/metrics.sock" telnet://x \
	    <"$tmp/silence" >"$tmp/silent" 2>&1
}

stack_start -f "$top_builddir/tests/fn" MAYFLY_IDLE_MS=100
plan 43

# --- before -----------------------------------------------------------------

is "$(curl -s -D "$tmp/headers" -o "$tmp/metrics" -w '%{http_code}' \
    "$url/metrics")" 200 'there are metrics'
like "$(tr -d '\r' <"$tmp/headers")" \
    '^Content-Type: text/plain; version=0.0.4; charset=utf-8$' 'of their type'
is "$(grep -ci '^Access-Control-Allow-Origin' "$tmp/headers")" 0 \
    'which no page of another host may read'
is "$(promtool check metrics <"$tmp/metrics" 2>&1)" '' \
    'promtool has nothing to say'
is "$(classes tag-list)" '0 0 0 0 0 0' 'nothing was done yet'
is "$(metric duration_seconds_count tag-list)" 0 'in no time'
like "$(cat "$tmp/metrics")" '^mayflyd_up 1$' 'mayflyd is up'
like "$(cat "$tmp/metrics")" '^mayflyd_info\{version="[0-9.]+"\} 1$' \
    'of this version'
like "$(cat "$tmp/metrics")" '^process_resident_memory_bytes [1-9]' \
    'its memory'

# --- the sums are what was sent ---------------------------------------------

is "$(ask 7 "$url/api/tags")" '7 200' 'seven are answered'
etag=$(curl -s -D - -o "$tmp/body" "$url/api/tags" | tr -d '\r' |
    sed -n 's/^ETag: //p')
is "$(ask 2 -H "If-None-Match: $etag" "$url/api/tags")" '2 304' 'two as before'
is "$(ask 3 "$url/api/articles/none")" '3 404' 'three are of none'
body='{"user":{"email":"nobody@example.org","password":"wrong"}}'
is "$(login 2 "$body")" '2 401' 'two log in in vain'
is "$(ask 1 -H 'Content-Type: application/json' -d '{' \
    "$url/api/users/login")" '1 400' 'one says nothing'
is "$(ask 1 "$url/test/spin")" '1 504' 'one takes too long'
is "$(ask 4 -X POST "$url/api/tags")" '4 405' 'four are refused by nginx'
scrape
is "$(classes tag-list)" '0 0 8 2 0 0' 'tags: eight and two'
is "$(classes article-get)" '0 0 0 0 3 0' 'articles: three'
is "$(classes user-login)" '0 0 0 0 3 0' 'logins: three'
is "$(metric request_bytes_total user-login)" $((2 * ${#body} + 1)) \
    'as many bytes as were sent'
ok 'and some that were received' \
    test "$(metric response_bytes_total user-login)" -gt 300
is "$(metric duration_seconds_count tag-list) $(metric \
    duration_seconds_bucket tag-list ',le="+Inf"')" '10 10' \
    'each has a duration'
is "$(metric duration_seconds_bucket tag-list ',le="[0-9.]*"' |
    sort -n | paste -s -d ' ')" \
    "$(metric duration_seconds_bucket tag-list ',le="[0-9.]*"' |
    paste -s -d ' ')" 'the longer, the more'
like "$(metric cpu_seconds_total user-login)" '^0\.0*[1-9]|^[1-9]' \
    'a login takes CPU time'
is "$(promtool check metrics <"$tmp/metrics" 2>&1)" '' \
    'promtool has nothing to say'

# --- also when they are gone ------------------------------------------------

ok 'all instances leave' wait_for no_instances
scrape
is "$(classes tag-list)" '0 0 8 2 0 0' 'what they did is not lost'
is "$(classes spin)" '1 0 0 0 0 0' \
    'one was killed inside a request, which got no answer'
ok 'and the CPU time that it took is counted' test "$(of spin .cpu_ms)" -ge 20
is "$(metric killed_total spin) $(metric crashes_total spin)" '1 0' \
    'it is counted as killed'
ok 'cold starts are counted' test "$(metric cold_starts_total tag-list)" -ge 1
is "$(metric instances tag-list ',state="[a-z]*"' | paste -s -d ' ')" '0 0 0' \
    'there is no instance'
is "$(of tag-list '[.requests[]] | join(" ")')" '0 0 8 2 0 0' \
    'mayfly status says the same'
is "$(of tag-list '.served, (.latency | add)' | paste -s -d ' ')" '10 10' \
    'and how many were answered'

# --- who may ask ------------------------------------------------------------

is "$(curl -s -w ' %{http_code}' --interface 127.0.0.2 "$url/metrics")" \
    '{"errors":{"path":["is not for you"]}} 403' 'not from another address'
is "$(ask 1 -X POST "$url/metrics") $(ask 1 -I "$url/metrics")" \
    '1 405 1 200' 'only GET and HEAD'
is "$(curl -s -m 5 --unix-socket "$var/run/metrics.sock" http://x/metrics)" '' \
    'what is no FastCGI is closed'

# --- and who is silent ------------------------------------------------------

mkfifo "$tmp/silence"
ok 'there is no instance again' wait_for no_instances
before=$(left)
for _i in 1 2 3; do
	silent &
	kill_at_exit "$!"
done
exec 9>"$tmp/silence"
ok 'three are connected' wait_for less "$before" 3
scrape
is "$(classes tag-list)" '0 0 8 2 0 0' 'three silent clients hold nobody up'
silent 9>&- &
kill_at_exit "$!"
ok 'nor do four hold mayflyd' wait_for less "$before" 4
is "$(ask 1 "$url/api/tags")" '1 200' 'nor a function'
scraped() { scrape && test "$(classes tag-list)" = '0 0 9 2 0 0'; }
ok 'and their time is over' wait_for -t 12 scraped
exec 9>&-
