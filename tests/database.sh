#!/bin/sh
# SPDX-License-Identifier: MIT
# A function and its database: slow, absent, or not configured, the reply comes
# before the deadline and says so.  With the stack: tests/stack-database.sh.
. "${top_srcdir:-.}/tests/lib.sh"

unavailable='{"errors":{"database":["is not available, try again"]}}'

db_start
plan 23
fn ../tests/fn/column
is "$status $body" "200 {\"rows\":[[1,1,2,28,1,1,null,\"\",\"row 1\",1,\"row 1\"],\
[2,1,2,28,1,1,null,\"\",\"row 2\",2,\"row 2\"]]}" \
    'columns out of their order, twice, NULL and empty'
while IFS='|' read -r wrong why; do
	fn ../tests/fn/column -q "wrong=$wrong"
	is "$code$status" 134 "wrong=$wrong is a bug: it aborts"
	like "$(logged)" "^bug: [a-z_]*\.c:[0-9]+: $why\$" 'the log says which'
done <<'END'
1|column.wide: column name is of type 25, which is read otherwise
2|column.wide has no column c33
3|column.wide: row 2 of 2
4|column.wide: column nothing is NULL
5|input 7 of 1
END
fn ../tests/fn/query -q ms=10
is "$status $body" '200 {"rows":1}' 'a query of a statement nobody prepared'
is "$(cat "$tmp/log")" '' 'which is no fault'
fn ../tests/fn/query -q ms=60000
is "$status $body" "503 $unavailable" \
    'a query longer than the deadline of the function'
like "$headers" '^Retry-After: 1$' 'with Retry-After'
is "$code" 0 'the function has not run into its deadline itself'
is "$(logged)" 'database: query.nap: no answer in time' \
    'it is logged once'
ended() { test "$(sql "SELECT count(*) FROM pg_stat_activity
    WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()
    AND datname = current_database() AND state = 'active'")" = 0; }
ok 'PostgreSQL stops working for it' wait_for -t 5 ended

one_url "postgresql:///$database?host=$tmp&user=${roles}_reader"
fn ../tests/fn/query
is "$status $body" "503 $unavailable" 'no PostgreSQL there'
is "$(grep -c "$tmp" "$tmp/out")" 0 'the reply does not say where'
is "$(wc -l <"$tmp/log")" 1 'one line is logged'
one_url ''
fn ../tests/fn/query
is "$status $body" "503 $unavailable" 'no DATABASE_URL'
like "$(logged)" 'DATABASE_URL' 'the log says what is missing'
