#!/bin/sh
# SPDX-License-Identifier: MIT
# A function without PgBouncer keeps its connection to PostgreSQL.  When the
# server has ended that (FATAL 57P01, then closed), the next request opens
# another and is answered as ever, though it might have found the farewell first.
. "${top_srcdir:-.}/tests/lib.sh"

owner() { psql -qXAt -h "$var/run" -U mayfly -d mayfly -c "$1"; }
ended() {
	owner "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
	    WHERE usename = 'mayfly_reader'"
}
all_ended() { test "$(owner "SELECT count(*) FROM pg_stat_activity
    WHERE usename = 'mayfly_reader'")" = 0; }
get() { curl -s -o "$tmp/body" -w '%{http_code}' "$url/readyz"; }

stack_start \
    "DATABASE_READER_URL=postgresql:///mayfly?host=$tmp/var/run&user=mayfly_reader"
plan 11
is "$(get)" 200 'a function asks PostgreSQL itself'
for n in 1 2 3 4 5; do
	ok "$n: its connection is ended" test "$(ended)" -ge 1
	wait_for all_ended
	is "$(get)" 200 "$n: the next request is answered"
done
