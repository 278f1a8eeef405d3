#!/bin/sh
# SPDX-License-Identifier: MIT
# No request is lost between no instance and many: instances leave after 20 ms
# without work, and bursts come with pauses around that.
# REQUESTS=200000 sh tests/stack-zero.sh is the long form.
. "${top_srcdir:-.}/tests/lib.sh"

served() {
	"$var/bin/mayfly" status -o json --run-dir "$var/run" |
	    jq ".functions[] | select(.name == \"article-list\") | $1"
}
idle() { test "$(served '.instances | length')" -eq 0; }

stack_start MAYFLY_IDLE_MS=20
plan 4
result=$("$top_builddir/tests/burst" -p "$port" -c 8 -b 64 -m 15 -M 26 \
    -n "${REQUESTS:-20000}" -s 300 /api/articles 2>"$tmp/failures")
note "$result"
head -n 5 "$tmp/failures"
is "${result% posts*}" "gets ${REQUESTS:-20000} failed 0" \
    'every request was answered 200'
ok 'then all instances leave' wait_for idle
cold=$(served .cold_starts)
ok "in between there were none at all, $cold times" test "$cold" -ge 10
is "$(served .crashes)$(served .killed)" 00 'and none was ended by force'
