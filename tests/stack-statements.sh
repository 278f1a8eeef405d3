#!/bin/sh
# SPDX-License-Identifier: MIT
# Statements on the connections of PgBouncer: a new one has none; each function
# has its own prepared where it finds them unknown, once; a new build with the same
# statements keeps the connections, other statements or another schema replace
# them.
. "${top_srcdir:-.}/tests/lib.sh"

setting() { sed -n "s/^$1=//p" "$var/env"; }
# fn NAME as a reader, on the one connection there is as long as nobody else asks.
ask() {
	one_url "$(setting DATABASE_READER_URL)"
	fn "../tests/fn/$1" -e MAYFLY_LOG_LEVEL=debug
}
names() { json '.prepared[].name' | sed 's/@.*//' | tr '\n' ' '; }
back_ends() {
	stack_sql "SELECT string_agg(pid::text, ' ' ORDER BY pid)
	    FROM pg_stat_activity WHERE usename = 'mayfly_reader'"
}
sum() { sed -n 's/^mayfly_reader.*\/\* \(.*\) \*\/.*/\1/p' "$var/pgbouncer.ini"; }
# The connection that is idle is replaced at once, others when they fall free.
replaced() { test "$(back_ends)" != "$before"; }
some() { test -n "$(back_ends)"; }

mkdir "$tmp/most"
find "$top_builddir/tests/fn" -maxdepth 1 -type f -perm -u+x ! -name query \
    -exec cp {} "$tmp/most" \;
stack_start -f "$tmp/most"
plan 17
renew() {
	stack_sql "SELECT count(pg_terminate_backend(pid))
	    FROM pg_stat_activity WHERE usename LIKE 'mayfly\\_%'" >"$tmp/o"
}

# --- prepared at first use ---

renew
ask prepared
like "$(logged)" 'prepared.names is not prepared' \
    'on a new connection a function finds its own unknown'
is "$status $(names)" '200 prepared.names ' \
    'answers by text, and has them prepared, and no others'
ask prepared
is "$status $(names)" '200 prepared.names ' 'then it has what that function has'
is "$(logged | grep -c 'not prepared')" 0 'and it goes by name'
ask column
ask prepared
like "$(names)" '^column\.[a-z.-]* .*prepared.names $' \
    'another function adds its own'
stack_sql "DELETE FROM prepared_statement WHERE name LIKE 'prepared.names@%'"
renew
ask prepared
ask prepared
is "$status $(names)" '200 ' 'what the table does not have is not prepared'
like "$(logged)" 'prepared.names is not prepared' 'it goes by text'

# A database without prepare_statements(): as before, by text.
stack_sql 'ALTER FUNCTION prepare_statements(text[]) RENAME TO was_there'
renew
ask prepared
is "$status $(names)" '200 ' 'where nothing can be prepared, it goes by text'
like "$(logged)" 'nothing is prepared: function public.prepare_statements' \
    'and says why'
stack_sql 'ALTER FUNCTION was_there(text[]) RENAME TO prepare_statements'

# --- what replaces the connections ---

ok 'the statements are back' stack_up
ask prepared
ask prepared
ok 'there are connections' some
before=$(back_ends) sum=$(sum)
# Another file with the same statements, as each build makes one.
echo >>"$tmp/fn/prepared"
echo >>"$tmp/fn/nap"
ok 'functions are built anew' stack_up
ask prepared
is "$status $(sum) $(back_ends)" "200 $sum $before" \
    'with the same statements, the connections stay'
cp "$top_builddir/tests/fn/query" "$tmp/fn"
ok 'another statement' stack_up
ask prepared
ok 'replaces the connections' wait_for replaced
before=$(back_ends)
stack_sql 'UPDATE schema_migration SET applied_at = now() WHERE number = 1'
stack_up >"$tmp/o" 2>&1
ask prepared
ok 'so does another schema' wait_for replaced
like "$status" 200 'and functions answer'
