#!/bin/sh
# SPDX-License-Identifier: MIT
# PgBouncer has a pool for each role of functions: its connections have prepared
# statements of that role and no other, and all together are 16 at most.
. "${top_srcdir:-.}/tests/lib.sh"

stack_start
plan 13
setting() { sed -n "s/^$1=//p" "$var/env"; }

# prepared ROLE: runs tests/fn/prepared with the URL that functions of this role
# have: what its connection has prepared.
prepared() {
	one_url "$(setting "DATABASE_$(echo "$1" | tr '[:lower:]' '[:upper:]')_URL")"
	fn ../tests/fn/prepared
	json '.prepared[] | "\(.role) \(.name)"'
}
# of_role ROLE: what the descriptors say.
of_role() {
	for _source in "$top"/cgi-bin/*.c; do
		"$var/cgi-bin/$(basename "$_source" .c)" --describe
	done | jq -r --arg role "$1" 'select(.role == $role) |
	    "mayfly_\(.role) \(.statements[].prepared)"' | LC_ALL=C sort -u
}
curl -s "$url/api/articles" >"$tmp/o"
is "$(jq -c . "$tmp/o")" '{"articles":[],"articlesCount":0}' 'a reader serves'
curl -s -H 'Content-Type: application/json' -d '{"user":{"username":"ann",
    "email":"ann@example.org","password":"correct horse"}}' \
    "$url/api/users" >"$tmp/o"
token=$(jq -r .user.token "$tmp/o")
is "$(jq -r .user.username "$tmp/o")" ann 'so does account'
curl -s -H 'Content-Type: application/json' -H "Authorization: Token $token" \
    -d '{"article":{"title":"t","description":"d","body":"b"}}' \
    "$url/api/articles" >"$tmp/o"
is "$(jq -r .article.title "$tmp/o")" t 'and a writer'
for role in reader writer account; do
	prepared "$role" >"$tmp/is"
	of_role "$role" >"$tmp/wanted"
	is "$(comm -23 "$tmp/is" "$tmp/wanted")" '' \
	    "a connection of the $role has prepared no statements but its own"
	ok 'there are some' test -s "$tmp/is"
done
is "$(grep -c 'is not prepared\|permission denied' "$var/log/postgres.log")" 0 \
    'no statement was passed over'

# More clients of each role at once than connections.  A pool keeps those that
# it has opened, so what it has afterwards is the most it had.  One whose client
# gave up is replaced, and in PostgreSQL stays until its statement ends.
is "$(sed -n 's/^mayfly_.*pool_size=\([0-9]*\).*/\1/p' "$var/pgbouncer.ini" |
    awk '{ all += $1 } END { print NR, (all <= 16) }')" '3 1' \
    'the three pools have at most 16 connections'
clients=''
for role in reader writer account; do
	one_url "$(setting "DATABASE_$(echo "$role" | tr '[:lower:]' '[:upper:]')_URL")"
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
		bare REQUEST_METHOD=GET QUERY_STRING=ms=100 \
		    "$top_builddir/tests/fn/query" >"$tmp/o" 2>&1 &
		clients="$clients $!"
	done
done
for client in $clients; do
	wait "$client"
done
connections() {
	stack_sql "SELECT usename, count(*) FROM pg_stat_activity
	    WHERE usename LIKE 'mayfly\\_%' GROUP BY 1" >"$tmp/connections"
}
few() {
	connections
	test "$(awk -F '|' '{ all += $2 } END { print all }' \
	    "$tmp/connections")" -le 16
}
ok 'together 16 at most' wait_for few
note "$(cat "$tmp/connections")"
is "$(wc -l <"$tmp/connections")" 3 'each role has some'
