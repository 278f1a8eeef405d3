#!/bin/sh
# SPDX-License-Identifier: MIT
# migrate -- "mayfly db migrate" applies each file once, whole or not at all,
# refuses what does not fit the history, and may be killed at any moment.
. "${top_srcdir:-.}/tests/lib.sh"

pg_start
plan 43

dir=$tmp/migrations

# Run it on $dir, without the care that migrate of lib.sh takes; sets $code, $out (data) and $err.
try() {
	code=0
	"$top_builddir/mayfly" db migrate "$@" "$dir" >"$tmp/o" 2>"$tmp/e" ||
	    code=$?
	out=$(sed 's/ in [0-9]* ms$//' "$tmp/o")
	err=$(cat "$tmp/e")
}

# asks STATEMENT: it answers t
asks() { test "$(sql "$1")" = t; }
mine="datname = current_database()"

mkdir "$dir"
echo 'CREATE TABLE a (x integer); SET search_path = nowhere;' \
    >"$dir/001-a.sql"
echo 'CREATE TABLE b (x integer);' >"$dir/002-b.sql"
echo 'not a migration' >"$dir/README"

try --dry-run
is "$code $out" "0 would apply 001-a.sql
would apply 002-b.sql" 'a dry run lists what is due'
is "$(sql "SELECT to_regclass('schema_migration') IS NULL")" t \
    'and leaves nothing behind'

try
is "$code $out" '0 applied 001-a.sql
applied 002-b.sql' 'a fresh database gets every file in order'
is "$(sql "SELECT to_regclass('public.b') IS NOT NULL")" t \
    'what one file sets does not reach the next'
is "$(sql "SELECT string_agg(number || ' ' || name || ' ' || length(checksum) ||
    ' ' || (duration_ms >= 0), ', ' ORDER BY number) FROM schema_migration")" \
    '1 001-a.sql 64 true, 2 002-b.sql 64 true' 'and a row for each'
try
is "$code $out" '0 up to date' 'the second run does nothing'
try --dry-run
is "$code $out" '0 up to date' 'and so says a dry run'

# What is refused.
cp "$dir/001-a.sql" "$tmp/keep"
echo 'CREATE TABLE other (x integer);' >"$dir/001-a.sql"
try
is "$code" 5 'an applied file that changed is refused'
like "$err" '001-a.sql was changed after it was applied' 'and named'
try --dry-run
is "$code" 5 'by a dry run too'
cp "$tmp/keep" "$dir/001-a.sql"

echo 'SELECT 1;' >"$dir/004-d.sql"
try
is "$code" 5 'a gap in the numbers is refused'
like "$err" '003 is missing before 004-d.sql' 'and named'
rm "$dir/004-d.sql"

echo 'SELECT 1;' >"$dir/002-again.sql"
try
is "$code" 5 'two files with one number are refused'
like "$err" '002-again.sql and 002-b.sql have the same number' 'and named'
rm "$dir/002-again.sql"

for name in 3-c.sql 0003-c.sql 003_c.sql 003-C.sql 003-.sql 000-c.sql c.sql; do
	echo 'SELECT 1;' >"$dir/$name"
	try
	like "$code $err" "/$name: not the name of a migration" \
	    "refused as a name: $name"
	rm "$dir/$name"
done

mv "$dir/002-b.sql" "$tmp/keep"
try
is "$code" 5 'an applied file that is gone is refused'
like "$err" '002-b.sql is applied, but not in' 'and named'
mv "$tmp/keep" "$dir/002-b.sql"

sql 'DELETE FROM schema_migration WHERE number = 1'
try
like "$code $err" '001-a.sql is not applied, but 002-b.sql is' \
    'a file below the newest that was never applied is refused'
sql 'DELETE FROM schema_migration; DROP TABLE a, b'
try
is "$code" 0 'after that is put right it goes on'

# Errors.
printf 'CREATE TABLE c (x integer);\n-- \303\244\303\266\n\nSELEKT 1;\n' \
    >"$dir/003-c.sql"
try
is "$code" 1 'a syntax error fails'
like "$err" '003-c.sql:4: syntax error at or near "SELEKT" \(42601\)' \
    'with file, line and reason'
is "$(sql "SELECT to_regclass('c') IS NULL")" t 'and undoes the file'
is "$(sql 'SELECT max(number) FROM schema_migration')" 2 'and has no row'

printf 'CREATE TABLE c (x integer);\nCOMMIT;\n' >"$dir/003-c.sql"
try
like "$code $err" 'ends its own transaction' 'a COMMIT in a file is an error'
sql 'DROP TABLE IF EXISTS c'

: >"$dir/003-c.sql"
try
is "$code $out" '0 applied 003-c.sql' 'an empty file is a migration'

# Two at once: one works, the other waits and then has nothing to do.
sql 'CREATE TABLE pause (seconds integer); INSERT INTO pause VALUES (1)'
echo 'SELECT pg_sleep(seconds) FROM pause; CREATE TABLE d (x integer);' \
    >"$dir/004-d.sql"
"$top_builddir/mayfly" db migrate "$dir" >"$tmp/first" 2>&1 &
first=$!
wait_for -t 20 asks "SELECT count(*) > 0 FROM pg_stat_activity
    WHERE wait_event = 'PgSleep' AND $mine"
try
wait "$first"
is "$?" 0 'of two at once the first succeeds'
is "$code $out" '0 up to date' 'and the second finds it done'
like "$err" 'waiting up to 60s for another migration' 'and said that it waited'
like "$(cat "$tmp/first")" 'applied 004-d.sql in' 'it was the first that worked'

# kill -9 in the middle.
sql 'UPDATE pause SET seconds = 30'
echo 'CREATE TABLE e (x integer); SELECT pg_sleep(seconds) FROM pause;
INSERT INTO e VALUES (7);' >"$dir/005-e.sql"
"$top_builddir/mayfly" db migrate "$dir" >"$tmp/first" 2>&1 &
first=$!
wait_for -t 20 asks "SELECT count(*) > 0 FROM pg_stat_activity
    WHERE wait_event = 'PgSleep' AND $mine"
kill -9 "$first"
wait "$first" 2>"$tmp/e"
ok 'the server gives the lock of a killed run back' \
    wait_for -t 20 asks "SELECT count(*) = 0 FROM pg_locks
    JOIN pg_database ON oid = database
    WHERE locktype = 'advisory' AND $mine"
is "$(sql "SELECT to_regclass('e') IS NULL")" t 'and undoes its file'
sql 'UPDATE pause SET seconds = 0'
try
is "$code $out $(sql 'SELECT x FROM e')" '0 applied 005-e.sql 7' \
    'the same command goes on where it stopped'

# Names of roles.
cat >"$dir/006-f.sql" <<'END'
CREATE TABLE f (name text);
INSERT INTO f VALUES (:'reader'), (':"reader"'), ($$:'reader'$$);
GRANT SELECT ON f TO :"reader";
END
try
is "$code $(sql 'SELECT * FROM f' | tr '\n' ' ')" \
    "0 ${database}_reader :\"reader\" :'reader' " 'placeholders are filled'
try
is "$code $out" '0 up to date' 'the hash is that of the file as it stands'
printf '%s\n' '-- é' 'GRANT SELECT ON f TO :"reader", :"writer", :"account";' \
    'GRANT SELECT ON f TO :"nobody";' >"$dir/007-g.sql"
try
like "$err" '007-g.sql:3: syntax error at or near ":"' \
    'behind them the line is still right, and other names stay'
rm "$dir/007-g.sql"

# The command line.
(unset MAYFLY_MIGRATE_URL && "$top_builddir/mayfly" db migrate "$dir") \
    >"$tmp/o" 2>&1
is "$?" 2 'no connection string is misuse'
dir=$tmp/nowhere
try
is "$code" 3 'a folder that is not there is not found'
