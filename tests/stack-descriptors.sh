#!/bin/sh
# SPDX-License-Identifier: MIT
# mayflyd with few descriptors: as many instances run as they suffice for, the
# rest of the requests waits for these, or is told at once to come again; and
# mayflyd still says how it is.
. "${top_srcdir:-.}/tests/lib.sh"

status() { "$var/bin/mayfly" status -o json --run-dir "$var/run"; }
of() { status | jq -r ".functions[] | select(.name == \"$1\") | $2"; }
instances() { status | jq '[.functions[].instances | length] | add'; }

# mayflyd with a limit of $1, in place of the one of the stack.
limited() {
	stop "$var/pid/mayflyd.pid" TERM 15
	(
		ulimit -n "$1"
		start "$var/pid/mayflyd.pid" "$var/log/mayflyd.log" \
		    env "MAYFLY_ENV_FILE=$var/env" "$var/bin/mayflyd"
	)
}
answers() { status >"$tmp/status" 2>&1; }
none_left() { test "$(instances)" = 0; }

stack_start -f "$top_builddir/tests/fn" MAYFLY_IDLE_MS=300
plan 14
wait_for none_left
left=$(status | jq .descriptors_left)
functions=$(status | jq '.functions | length')
curl -s -o "$tmp/body" "$url/healthz"
is "$(status | jq .descriptors_left)" $((left - 2)) 'an instance takes two'
ok 'it leaves' wait_for none_left
is "$(status | jq .descriptors_left)" "$left" 'and gives them back'

# What is open before the functions are is the same in each mayflyd.
base=$(($(sed -n 's/^Max open files *\([0-9]*\) .*/\1/p' \
    "/proc/$(status | jq .pid)/limits") - left - functions * 3 - 2))
limited $((base + functions * 3 + 64 - 9))
ok 'too few for all functions: it serves the others' wait_for answers
is "$(status | jq '.functions | length')" $((functions - 3)) 'but for three'
like "$(cat "$var/log/mayflyd.log")" 'limit of open files is too low' \
    'and says why'

limited $((base + functions * 3 + 64 + 3 * 2 + 1))
ok 'enough for three instances' wait_for answers
for n in 1 2 3 4 5 6 7 8 9; do
	curl -s -o "$tmp/body$n" -w '%{http_code}\n' \
	    "$url/test/nap?ms=400" >"$tmp/nap$n" &
	naps="${naps-} $!"
done
three() { test "$(instances)" = 3; }
ok 'three run' wait_for three
is "$(curl -s -D "$tmp/headers" -o "$tmp/body" -w '%{http_code}' \
    "$url/healthz") $(cat "$tmp/body")" \
    '503 {"errors":{"function":["is not available, try again"]}}' \
    'another function gets none'
like "$(tr -d '\r' <"$tmp/headers")" '^Retry-After: [12]$' \
    'and says when to come again'
is "$(of health .state)" backoff 'it is left alone for a while'
# shellcheck disable=SC2086 # a list
wait $naps
is "$(sort -u "$tmp"/nap[0-9])" 200 'nine requests for three instances: all served'
healthy() { test "$(curl -s -o "$tmp/body" -w '%{http_code}' "$url/healthz")" = 200; }
ok 'when they have left, the other is served' wait_for healthy
is "$(status | jq '[.functions[].crashes] | add')" 0 'nothing crashed'
