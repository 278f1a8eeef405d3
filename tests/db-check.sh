#!/bin/sh
# SPDX-License-Identifier: MIT
# db-check -- "mayfly db check" says what migrations and statements would break,
# names it, and leaves the database and its cluster as they were.
. "${top_srcdir:-.}/tests/lib.sh"

db_start
plan 65

dir=$tmp/sql new=$tmp/new
export MAYFLY_STORE="$tmp/store" MAYFLY_APP=shop
mkdir "$new"
cp "$top_builddir/cgi-bin/profile-get" "$new"

# next LINE...: the migrations, and behind them one with these lines.
next() {
	rm -rf "$dir"
	mkdir "$dir"
	cp "$top"/sql/*.sql "$dir"
	printf '%s\n' "$@" >"$dir/900-next.sql"
	mv "$dir/900-next.sql" "$dir/$(printf %03d \
	    "$(find "$dir" -type f | wc -l)")-next.sql"
}

# check [OPTION...] [FOLDER]: sets $code, $out and $err.
check() {
	code=0
	timeout 60 "$top_builddir/mayfly" db check --migrations "$dir" "$@" \
	    >"$tmp/o" 2>"$tmp/e" || code=$?
	out=$(cat "$tmp/o")
	err=$(cat "$tmp/e")
}

# What a check must not change: databases, roles with their settings, columns.
world() {
	sql "SELECT datname FROM pg_database
	    WHERE datname ~ '^mayfly_scratch' ORDER BY 1"
	sql "SELECT rolname, rolconfig FROM pg_roles
	    WHERE rolname ~ '^(mayfly|${roles}_)' ORDER BY 1"
	sql "SELECT attrelid, attname FROM pg_attribute
	    WHERE attrelid > 16000 ORDER BY 1, 2"
	sql "SELECT count(*) FROM schema_migration"
}
before=$(world)
same() { is "$(world)" "$before" "$1: nothing is left behind"; }

# --- what would do ---

next 'SELECT 1;'
rm "$dir"/*-next.sql
check "$new"
is "$code $out" "0 good: 0 migrations are due, 2 statements can be prepared, \
0 of what serves now would break" 'functions of today'
same 'they'

next 'ALTER TABLE article ADD shade text;' \
    'CREATE TABLE shade (x integer);' \
    'GRANT SELECT ON shade TO :"reader";'
check "$new"
is "$code $out" "0 good: 1 migrations are due, 2 statements can be prepared, \
0 of what serves now would break" 'a migration that does'
same 'it'

# Roles belong to the cluster, and are not in the copy.
next 'ALTER ROLE :"reader" SET work_mem = '"'5MB';"
check "$new"
is "$code" 0 'a migration that changes a role'
same 'it'

next 'ALTER ROLE :"reader" SET work_mem = '"'5MB';" 'COMMIT;'
check "$new"
is "$code" 1 'one that commits that itself'
like "$err" '-next.sql ends its own transaction' 'is refused'
same 'it'

next 'ROLLBACK;' 'ALTER ROLE :"reader" SET work_mem = '"'5MB';"
check "$new"
is "$code" 1 'one that goes on behind its transaction'
like "$err" '-next.sql ends its own transaction' 'is refused, too'
same 'it'

# --- what nobody knows ---

sql "CREATE TABLE kind (name text PRIMARY KEY); INSERT INTO kind VALUES ('a')"
before=$(world)
next 'CREATE TABLE thing (kind text REFERENCES kind);' \
    "INSERT INTO thing VALUES ('a');"
check "$new"
like "$code $err" '^1 .*cannot be tried here: .*-next.sql may need rows, and the copy has none .*thing_kind_fkey' \
    'a migration may need rows that are no part of the copy'
# shellcheck disable=SC2016 # SQL
next 'DO $$ BEGIN' 'IF NOT EXISTS (SELECT FROM kind) THEN' \
    "RAISE 'there is no kind'; END IF; END " '$$;'
check "$new"
like "$code $err" '^1 .*cannot be tried here: .*there is no kind' \
    'or look for them'
next "INSERT INTO kind VALUES (1, 2);"
check "$new"
like "$code $err" '^1 .*INSERT has more expressions than target columns' \
    'what is wrong in any case is refused'
same 'they'

# --- what would not ---

next 'CREATE TABLE a (x integer);' '' 'ALTER TABEL a ADD y integer;'
check "$new"
is "$code" 1 'a syntax error is refused'
like "$err" '-next.sql:3: syntax error at or near "TABEL" \(42601\)' \
    'with file, line and what PostgreSQL says'
same 'it'

next 'ALTER TABLE artikel ADD y integer;'
check "$new"
is "$code" 1 'a table that is not there is refused'
like "$err" '-next.sql.*: relation "artikel" does not exist \(42P01\)' \
    'by name'
same 'it'

next "SELECT upper(1);"
check "$new"
like "$err" '-next.sql:1: function upper\(integer\) does not exist' \
    'a function that is not there'
like "$err" 'No function matches the given name' "with PostgreSQL's hint"

next 'ALTER TABLE account RENAME COLUMN bio TO biog;'
check "$new"
is "$code" 1 'a statement to come that cannot be prepared is refused'
like "$err" 'profile-get.sql:[0-9]+: column .*bio.* does not exist \(42703\)' \
    'with file and line'
like "$err" 'Perhaps you meant to reference the column' \
    "and PostgreSQL's hint"
check --break "$new"
is "$code" 1 'whatever --break says'
same 'it'

next 'REVOKE SELECT (bio) ON account FROM :"reader";'
check "$new"
is "$code" 1 'and one that its role may not run'
like "$err" 'permission denied for table account \(42501\)' 'is, too'
same 'it'

next 'SELECT 1;'
rm "$dir/002-blog.sql"
check "$new"
is "$code" 5 'a gap in the migrations is a conflict'

# --- what serves now ---

hash=$(sha256sum "$top_builddir/cgi-bin/article-get" | cut -c 1-64)
mkdir -p "$tmp/store/$hash" "$tmp/store/shop"
cp "$top_builddir/cgi-bin/article-get" "$tmp/store/$hash/article-get"
"$tmp/store/$hash/article-get" --describe >"$tmp/store/$hash/describe.json"
printf '{"generation":1,"at":"2026-01-01T00:00:00Z","why":"","functions":[
    {"name":"article-get","release":"%s"}]}\n' "$hash" >"$tmp/store/shop/1.json"
ln -s 1.json "$tmp/store/shop/current"

next 'ALTER TABLE article RENAME COLUMN title TO titel;'
check "$new"
is "$code" 1 'a migration that breaks what serves now is refused'
like "$err" \
    'article-get serves now.* article-get\.by-slug: article-get.sql:[0-9]+: column a.title does not exist \(42703\)' \
    'by function, statement, file and line'
like "$err" 'Perhaps you meant to reference the column "a.titel"' \
    "with PostgreSQL's hint"
like "$err" 'take two steps' 'and the way'
same 'it'
check --break "$new"
is "$code" 0 'with --break it is a warning'
like "$err" 'warning: article-get serves now' 'that names it as well'
like "$out" '1 of what serves now would break' 'and counted'
same 'it'

next 'ALTER TABLE article ADD shade text;'
check "$new"
is "$code $err" '0 ' 'another one does'

# What fails today is no fault of a migration.
sql 'ALTER TABLE article RENAME COLUMN title TO titel'
check "$new"
is "$code $err" '0 ' 'also while what serves is broken already'
next 'ALTER TABLE article RENAME COLUMN titel TO title;'
check "$new"
is "$code $err" '0 ' 'and so does the one that mends it'
sql 'ALTER TABLE article RENAME COLUMN titel TO title'
same 'they'

# --- others at work ---

# hold STATEMENT: a transaction that has run it stays open, as long as 7 is.
hold() {
	mkfifo "$tmp/held"
	psql_cluster -d "$database" <"$tmp/held" >"$tmp/holding" 2>&1 &
	holder=$!
	exec 7>"$tmp/held"
	rm "$tmp/held"
	echo "BEGIN; $1; SELECT 'held';" >&7
	wait_for grep -q held "$tmp/holding"
}
let_go() {
	exec 7>&-
	wait "$holder"
}

next 'ALTER TABLE article ADD shade text;'
hold 'LOCK TABLE article IN ROW EXCLUSIVE MODE; SELECT FROM article'
check "$new"
is "$code" 0 'a long transaction in a table that is altered does not matter'
let_go

hold 'LOCK TABLE article IN ACCESS EXCLUSIVE MODE'
check "$new"
is "$code" 1 'who has it all is not waited for'
like "$err" 'process [0-9]+ of PostgreSQL has table article locked' 'and named'
let_go
same 'it'

sleeping() {
	test "$(sql "SELECT count(*) FROM pg_stat_activity
	    WHERE datname ~ '^mayfly_scratch' AND wait_event = 'PgSleep'")" = 1
}
copies() {
	sql "SELECT count(*) FROM pg_database WHERE datname ~ '^mayfly_scratch'"
}

# Nobody who serves waits: the table that is altered is another.
next 'ALTER TABLE article ADD shade text;' 'SELECT pg_sleep(4);'
"$top_builddir/mayfly" db check --migrations "$dir" "$new" \
    >"$tmp/long" 2>&1 &
long=$!
kill_at_exit "$long"
ok 'a long migration is tried' wait_for -t 30 sleeping
ok 'who writes meanwhile goes on' sql "SET lock_timeout = '1s';
    UPDATE article SET body = body;
    LOCK TABLE article IN ACCESS EXCLUSIVE MODE NOWAIT"
next 'ALTER TABLE article ADD shade text;'
check "$new"
is "$code $(copies)" '0 1' 'a second check does, and leaves the first its copy'
code=0
wait "$long" || code=$?
is "$code $(copies)" '0 0' 'which does, too'
same 'both'

next 'ALTER TABLE article ADD shade text;' 'SELECT pg_sleep(30);'
"$top_builddir/mayfly" db check --migrations "$dir" "$new" \
    >"$tmp/long" 2>&1 &
long=$!
kill_at_exit "$long"
ok 'one more is killed in the middle' wait_for -t 30 sleeping
kill -9 "$long"
wait "$long" 2>/dev/null || :
is "$(copies)" 1 'and leaves its copy'
alone() {
	test "$(sql "SELECT count(*) FROM pg_stat_activity
	    WHERE datname ~ '^mayfly_scratch'")" = 0
}
ok 'whose sessions end by themselves' wait_for alone
next 'ALTER TABLE article ADD shade text;'
check "$new"
is "$code" 0 'the next one does'
same 'it'

# --- other databases ---

empty=${database}_empty
sql "CREATE DATABASE $empty"
roles_of() {
	sql "SELECT count(*) FROM pg_roles WHERE rolname ~ '^$empty'"
}
MAYFLY_MIGRATE_URL=$(owner_url "$empty")
next 'SELECT 1;'
MAYFLY_APP=none check "$new"
is "$code $out" "0 good: 12 migrations are due, 2 statements can be prepared, \
0 of what serves now would break" 'a first deploy, into nothing'
is "$(roles_of) $(psql_cluster -d "$empty" -c 'SELECT count(*)
    FROM pg_class WHERE relnamespace = '"'public'::regnamespace")" '0 0' \
    'and nothing is made there'
sql "CREATE ROLE ${empty}_owner LOGIN"
sql "ALTER DATABASE $empty OWNER TO ${empty}_owner"
MAYFLY_MIGRATE_URL=$(owner_url "$empty" | sed "s/user=mayfly/user=${empty}_owner/")
check "$new"
is "$code" 1 'who may make no database'
like "$err" "12 migrations are due, and cannot be tried here: ${empty}_owner may not create databases" \
    'is told that nothing was tried'
sql "DROP DATABASE $empty"
sql "DROP ROLE ${empty}_owner"
same 'they'
