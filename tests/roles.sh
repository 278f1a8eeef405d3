#!/bin/sh
# SPDX-License-Identifier: MIT
# What a function can do to the database is what its role may: the reader writes
# nothing and sees no address and no password's hash, the writer no accounts.
# Databases keep apart; where roles cannot be made, one is all three.
. "${top_srcdir:-.}/tests/lib.sh"

files=$(find "$top/sql" -name '*.sql' | wc -l)
pg_start
plan 70
migrate >"$tmp/migrated" || exit 99
"$top_builddir/mayfly" db statements "$top_builddir/cgi-bin" \
    >"$tmp/prepared" || exit 99

# as ROLE STATEMENT: its answer on a connection of that role; for an error the
# SQLSTATE.
as() {
	psql -qXAt -v VERBOSITY=sqlstate -c "$2" \
	    "${connection:-$(role_url "$1")}" 2>&1 |
	    sed 's/^ERROR:  //; s/^psql: error: .*FATAL:  //'
}
denied() {
	is "$(as "$1" "$2")" 42501 "$1 may not: $2"
}

# --- what a role may --------------------------------------------------------

roles_urls() {
	one_url ''
	DATABASE_READER_URL=$(role_url reader)
	DATABASE_WRITER_URL=$(role_url writer)
	DATABASE_ACCOUNT_URL=$(role_url account)
}
roles_urls
ann=$(new_user ann)
article='{"article":{"title":"t","description":"d","body":"b"}}'
fn article-create -t "$ann" -d "$article"
is "$status" 201 'each with the URL of its role, functions work'
fn user-login -d '{"user":{"email":"ann@example.org","password":"correct horse"}}'
is "$status" 200 'also those that need the hash'

for table in $(sql "SELECT relname FROM pg_class WHERE relkind = 'r'
    AND relnamespace = 'public'::regnamespace ORDER BY relname"); do
	column=$(sql "SELECT attname FROM pg_attribute
	    WHERE attrelid = '$table'::regclass AND attnum > 0 LIMIT 1")
	as reader "INSERT INTO $table DEFAULT VALUES"
	as reader "UPDATE $table SET $column = DEFAULT"
	as reader "DELETE FROM $table"
	as reader "TRUNCATE $table"
done >"$tmp/tried"
is "$(sort -u "$tmp/tried")" 42501 'the reader writes nothing to any table'
ok "of $(($(wc -l <"$tmp/tried") / 4))" \
    test "$(wc -l <"$tmp/tried")" -ge 36
is "$(sql "SELECT string_agg(rolname || ' ' || relname, ', ') FROM pg_class,
    pg_roles WHERE relkind IN ('r', 'v', 'm', 'p', 'S')
    AND relnamespace = 'public'::regnamespace
    AND rolname = '${roles}_reader'
    AND CASE WHEN relkind = 'S'
	THEN has_sequence_privilege(rolname, pg_class.oid, 'USAGE, UPDATE')
	ELSE has_table_privilege(rolname, pg_class.oid,
	    'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
	    OR has_any_column_privilege(rolname, pg_class.oid,
		'INSERT, UPDATE, REFERENCES') END")" '' \
    'and to no column of any'
is "$(as reader 'SELECT id, username, bio, image FROM account')" '1|ann||' \
    'it sees of an account what others may'
for role in reader writer; do
	for what in 'SELECT password_hash FROM account' \
	    'SELECT email FROM account' 'SELECT * FROM account' \
	    'SELECT account FROM account' \
	    "SELECT FROM account WHERE password_hash LIKE '\$argon2%'" \
	    'SELECT FROM account ORDER BY email' 'COPY account TO STDOUT' \
	    'UPDATE account SET bio = 1' "UPDATE account SET password_hash = 'h'" \
	    "INSERT INTO account (username, email, password_hash)
		VALUES ('eve', 'eve@x.example', 'h')" 'DELETE FROM account'; do
		denied "$role" "$what"
	done
done
for role in reader writer account; do
	is "$(as "$role" "INSERT INTO prepared_statement VALUES
	    ('x', 'SELECT 1', 'reader')")$(as "$role" \
	    "UPDATE prepared_statement SET sql = ''")$(as "$role" \
	    'DELETE FROM prepared_statement')$(as "$role" \
	    "UPDATE function_role SET name = 'mayfly'")" \
	    42501425014250142501 "$role does not choose what is prepared"
	is "$(as "$role" 'CREATE TABLE mine (x integer)')$(as "$role" \
	    'CREATE TEMP TABLE mine (x integer)')$(as "$role" \
	    'CREATE SCHEMA mine')$(as "$role" 'SELECT FROM schema_migration')" \
	    42501425014250142501 "$role makes no table, not even a temporary one"
	is "$(for other in "${roles}_reader" "${roles}_writer" \
	    "${roles}_account" mayfly; do
		test "$other" = "${roles}_$role" ||
		    as "$role" "SET ROLE $other"
	done | sort -u)" 42501 "$role becomes no other role"
done
is "$(as account "UPDATE article SET title = 'x'")$(as account \
    "INSERT INTO article (slug) VALUES ('x')")" \
    4250142501 'account writes no articles'

# A function, whatever its statements say, with the URL of another role.
before=$(sql 'SELECT count(*), max(id) FROM account')
for role in reader writer; do
	one_url "$(role_url "$role")"
	fn user-login -d \
	    '{"user":{"email":"ann@example.org","password":"correct horse"}}'
	is "$status $(grep -c argon2 "$tmp/out")" '500 0' \
	    "with the $role's URL a function reads no hash"
	like "$(logged)" 'permission denied for table account' 'and logs why'
	fn user-create -d '{"user":{"username":"eve","email":"e@x.example",
	    "password":"correct horse"}}'
	is "$status $(sql 'SELECT count(*), max(id) FROM account')" \
	    "500 $before" 'and makes no account'
done
one_url "$(role_url reader)"
fn article-create -t "$ann" -d "$article"
is "$status $(sql 'SELECT count(*) FROM article')" '500 1' \
    "with the reader's URL it writes no article"
roles_urls

# --- at deploy --------------------------------------------------------------

# A function that says it is of another role.
mkdir "$tmp/functions"
pretend() {
	{
		printf '#!/bin/sh\ncat <<"END"\n'
		"$top_builddir/cgi-bin/$1" --describe | jq -c ".role = \"$2\""
		echo END
	} >"$tmp/functions/$1"
	chmod +x "$tmp/functions/$1"
}
line_of() {
	"$top_builddir/cgi-bin/$1" --describe | jq '.statements[0].line'
}
before=$(sql 'SELECT md5(string_agg(p::text, $$,$$ ORDER BY name))
    FROM prepared_statement p')
pretend user-login reader
pretend article-create account
"$top_builddir/mayfly" db statements "$tmp/functions" >"$tmp/o" 2>"$tmp/e"
is "$?" 1 'a statement that its role may not run is refused'
like "$(cat "$tmp/e")" "user-login\.sql:$(line_of user-login): permission denied \
for table account \(42501\)" 'with file, line and table'
like "$(cat "$tmp/e")" 'it runs as reader: GRANT it in a migration' \
    'and what to do'
like "$(cat "$tmp/e")" 'article-create\.sql:[0-9]+: permission denied' \
    'each of them'
is "$(sql 'SELECT md5(string_agg(p::text, $$,$$ ORDER BY name))
    FROM prepared_statement p')" "$before" 'and nothing is changed'
"$top_builddir/mayfly" db explain --functions "$tmp/functions" \
    user-login.by-email >"$tmp/o" 2>"$tmp/e"
like "$? $(cat "$tmp/e")" '1 .*permission denied for table account' \
    'db explain takes the role of the function, too'
pretend user-login nobody
"$top_builddir/mayfly" list --functions "$tmp/functions" >"$tmp/o" 2>"$tmp/e"
like "$(cat "$tmp/e")" 'its role is not reader, writer or account' \
    'there is no fourth role'

# --- databases side by side -------------------------------------------------

# Made at the same moment; one needs quotes, the other has the longest name.
# in_database NAME CMD...: as its owner.
in_database() {
	_name=$1
	shift
	MAYFLY_MIGRATE_URL="host=$cluster/run port=$cluster_port \
user=${owner-mayfly} dbname='$(printf %s "$_name" | sed "s/['\\\\]/\\\\&/g")'" "$@"
}
odd="Odd \" ' \\ \$\$ $$" long=$(repeat 45 x)_$$
long=$(printf %.55s "$(repeat 50 x)$$$(repeat 50 y)")
for name in "$odd" "$long" "${long}z"; do
	psql_cluster -d postgres -v name="$name" \
	    -c 'SET client_min_messages = warning' -f - <<'END' || exit 99
CREATE DATABASE :"name";
END
done
in_database "$odd" migrate >"$tmp/odd" 2>&1 &
first=$!
in_database "$long" migrate >"$tmp/long" 2>&1
is "$? $(grep -c '^applied' "$tmp/long")" "0 $files" \
    'of two databases at once one is migrated'
wait "$first"
is "$? $(grep -c '^applied' "$tmp/odd")" "0 $files" \
    'and so is the other, whatever its name'
in_database "${long}z" migrate >"$tmp/o" 2>&1
like "$? $(cat "$tmp/o")" '^1 .*at most 55 bytes' \
    'a name that leaves no room for those of the roles is refused'
is "$(psql_cluster -d "$odd" -c 'SELECT name FROM function_role
    ORDER BY role' | tr '\n' ' ')" "${odd}_account ${odd}_reader ${odd}_writer " \
    'its roles bear its name'
enter() {
	psql -qXAt -h "$cluster/run" -p "$cluster_port" -U "$1" -d "$2" \
	    -c 'SELECT count(*) FROM article' 2>&1 |
	    sed 's/.*\(permission denied for database\).*/\1/;
		/^DETAIL/d'
}
is "$(enter "${odd}_reader" "$odd") $(enter "${long}_reader" "$long")" '0 0' \
    'each is open to its own'
for role in reader writer account; do
	is "$(enter "${odd}_$role" "$long"), $(enter "${long}_$role" "$odd")" \
	    'permission denied for database, permission denied for database' \
	    "and closed to the other's $role"
done

# --- no right to make roles -------------------------------------------------

drop_databases() {
	for _name in "$odd" "$long" "${long}z" "hosted_$$" "maker_$$"; do
		psql_cluster -d postgres -v name="$_name" -f - <<'END'
DROP DATABASE IF EXISTS :"name" WITH (FORCE);
END
		for _role in _reader _writer _account ''; do
			psql_cluster -d postgres -v name="$_name$_role" -f - <<'END'
DROP ROLE IF EXISTS :"name";
END
		done
	done >"$tmp/dropped" 2>&1
}
for owner in hosted maker; do
	create=NOCREATEROLE
	test "$owner" = hosted || create=CREATEROLE
	psql_cluster -d postgres -c "CREATE ROLE ${owner}_$$ LOGIN $create" \
	    -c "CREATE DATABASE ${owner}_$$ OWNER ${owner}_$$" || exit 99
done
owner=hosted_$$
in_database "$owner" migrate >"$tmp/o" 2>"$tmp/e"
is "$? $(grep -c '^applied' "$tmp/o")" "0 $files" \
    'an owner who may not make roles migrates all'
is "$(cat "$tmp/e")" \
    "mayfly: $owner may not make roles: it is reader, writer and account itself" \
    'and is told in a line what that means'
is "$(psql_cluster -d postgres -c "SELECT count(*) FROM pg_roles
    WHERE rolname LIKE 'hosted\\_$$\\__%'")" 0 'there are no roles'
in_database "$owner" "$top_builddir/mayfly" db statements \
    "$top_builddir/cgi-bin" >"$tmp/o" 2>&1
like "$(cat "$tmp/o")" '^changed: ' 'its statements are prepared as itself'
test_database=$database database=$owner
one_url "postgresql:///$owner?host=$cluster/run&port=$cluster_port&user=$owner"
ann=$(new_user ann)
fn article-create -t "$ann" -d "$article"
is "$status $(json .article.author.username)" '201 ann' \
    'its functions work with one URL'
connection=$DATABASE_URL
is "$(as reader 'SELECT prepare_statements()')" \
    "$(sql 'SELECT count(DISTINCT name) FROM prepared_statement')" \
    'its connections prepare all statements'
is "$(as reader 'SHOW statement_timeout')" 2500ms \
    'and have the time limits of functions'
connection=''
cp -R "$top/sql" "$tmp/sql"
next=$(printf %03d $((files + 1)))-next.sql
cat >"$tmp/sql/$next" <<'END'
SELECT 1 / (current_setting('statement_timeout') = '0')::integer;
END
in_database "$owner" migrate "$tmp/sql" >"$tmp/o" 2>"$tmp/e"
is "$? $(cut -d ' ' -f 1,2 "$tmp/o")" "0 applied $next" \
    'which a migration does not'
owner=maker_$$
in_database "$owner" migrate >"$tmp/o" 2>"$tmp/e"
is "$? $(cat "$tmp/e") $(psql_cluster -d "$owner" -c 'SELECT count(*)
    FROM function_role JOIN pg_roles ON rolname = name
    WHERE name <> current_user')" '0  3' \
    'an owner who may make roles makes them, without being a superuser'
in_database "$owner" "$top_builddir/mayfly" db statements \
    "$top_builddir/cgi-bin" >"$tmp/o" 2>&1
like "$(cat "$tmp/o")" '^changed: ' 'and can plan statements as these'
database=$test_database
drop_databases
