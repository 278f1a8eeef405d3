#!/bin/sh
# SPDX-License-Identifier: MIT
# The database goes and comes back: 503 within a second, service within two
# seconds of its return, and nobody starts anything by hand but PostgreSQL.
. "${top_srcdir:-.}/tests/lib.sh"

# get: sets $status and $ms.
get() {
	status=$(curl -s -D "$tmp/headers" -o "$tmp/body" \
	    -w '%{http_code} %{time_total}' "$url/api/articles")
	ms=$(echo "${status#* }" | awk '{print int($1 * 1000)}')
	status=${status%% *}
}
works() { get && test "$status" = 200; }
fails() { get && test "$status" = 503; }
postgres() { head -n 1 "$var/pg/postmaster.pid"; }
gone() { ! kill -0 "$1" 2>"$tmp/gone"; }
now_ms() { date +%s%3N; }

stack_start MAYFLY_LOG_LEVEL=info
plan 15
before=$("$var/bin/mayfly" status -o json --run-dir "$var/run" | jq .pid)
for signal in INT QUIT; do # fast and immediate shutdown
	get
	is "$status" 200 "the feed is there (before $signal)"
	pid=$(postgres)
	kill -"$signal" "$pid"
	ok 'PostgreSQL goes' wait_for gone "$pid"
	get
	is "$status" 503 'the feed answers 503'
	ok "within a second ($ms ms)" test "$ms" -lt 1000
	like "$(tr -d '\r' <"$tmp/headers")" '^Retry-After: 1$' 'with Retry-After'
	sleep 2 # long enough for every back-off to have set in
	fails
	stack_up >"$tmp/up.log" 2>&1
	back=$(now_ms)
	ok 'it serves again' wait_for -t 5 works
	ok "within 2 s of its return" test $(($(now_ms) - back)) -lt 2000
done
is "$("$var/bin/mayfly" status -o json --run-dir "$var/run" | jq .pid)" \
    "$before" 'mayflyd is the one that was there'
