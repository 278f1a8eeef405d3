# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# lib.sh -- sourced by each tests/*.sh.  Prints TAP; leaves nothing behind.
#
# Results
#   plan N                N results follow
#   is GOT WANT NAME      pass when equal; on failure both are shown
#   like GOT REGEX NAME   pass when a line of GOT matches (grep -E)
#   ok NAME CMD...        pass when CMD succeeds
#   skip_all WHY          the whole test cannot run here
#   note TEXT             a comment in the output
#
# One function, as CGI: no server, no port
#   fn NAME [-t TOKEN] [-q QUERY] [-p PATH_INFO] [-m METHOD] [-d BODY]
#      [-e VAR=VALUE]     run it once; -d makes the method POST; one -e; with
#                         $rates as MAYFLY_RATES, by default off.  Sets
#                         $status, $headers, $body, $code (the exit code), and
#                         the log lines are in $tmp/log
#   json EXPR             what jq -r finds in $body: json .user.email
#   bare [VAR=VALUE...] CMD    with no environment but that, the URLs of the
#                         database and the options of sanitizers
#   logged                the messages in the log, one a line
#   new_user NAME         register NAME; prints a token for fn -t
#   sign_token HEADER CLAIMS [SECRET]   prints a token of our own making; both
#                         are JSON.  After db_start: PostgreSQL signs it
#
#   bad_input NAME        one result for thousands of requests: bad_input.sh
#
# The database: one for each test, in a cluster that scripts/test shares
#   pg_start              empty; exports MAYFLY_MIGRATE_URL, its owner's
#   db_start              with schema and statements; sets the URLs of the
#                         roles, DATABASE_READER_URL and so on
#   one_url URL           DATABASE_URL in place of those; '' for none
#   migrate [FOLDER]      mayfly db migrate
#                         $roles is what the names of its roles begin with
#   sql STATEMENT         its answer, unadorned, as the owner
#   disagreement [CMD]    the names of what is stored twice (sql/003-blog-trigger.sql)
#                         and is not what a recount finds, by sql() or CMD
#   pair_table CMD        the table of tests/fn/atomic.c and others, by CMD,
#                         which runs one statement as the owner
#
# The whole stack, private, by scripts/up
#   stack_start [-f FOLDER] [KEY=VALUE...]
#                         with the functions in FOLDER, too, and settings of
#                         base/setting.h, without rate limits unless those
#                         say so.  Sets $url, $var and $port
#   stack_stop            also done at exit
#   other=FOLDER          a second one, by hand: purged at exit
#
# The rest
#   npm_require           skip without the packages of tests/npm, which
#                         scripts/test installs; else what a test copies from
#                         there to $tmp finds them
#   $tmp                  a folder for this test
#   repeat N CHAR         CHAR, N times
#   free_port             a port that nobody listens on
#   wait_for [-t S] CMD...     until CMD succeeds; false after S (10) seconds
#   kill_at_exit PID      for what the test starts itself
set -u
: "${top_srcdir:=.}"
top=$(cd "$top_srcdir" && pwd -P) || exit 99
top_srcdir=$top
if test -z "${top_builddir-}"; then # by hand: sh tests/NAME.sh
	top_builddir=$top
	test ! -d "$top/build-test/plain" || top_builddir=$top/build-test/plain
fi
LC_ALL=C # ${#x} counts bytes
export LC_ALL
unset VAR HTTP_PORT BUILD DEPLOY MAKEFLAGS MFLAGS MAKELEVEL
# shellcheck source=scripts/lib.sh
. "$top/scripts/lib.sh"
service_user

tmp=$(mktemp -d) && chmod 711 "$tmp" || exit 99
if ! reachable "$tmp"; then # TMPDIR is root's own
	rmdir "$tmp"
	tmp=$(mktemp -d /tmp/mayfly.XXXXXX) && chmod 711 "$tmp" || exit 99
fi
count=0 failures=0 processes='' database='' cluster='' var=''
roles='' # what the names of its roles begin with
deploy='' # options of each deploy
cluster_port=5432 # in the name of its socket
trap clean_up EXIT
trap 'exit 99' HUP INT TERM

clean_up() {
	_status=$?
	for _process in $processes; do
		kill "$_process" 2>/dev/null
	done
	test -z "${other-}" || VAR=$other "$top/scripts/down" --purge
	test -z "$var" || {
		test "$failures" -eq 0 || stack_logs
		stack_stop
	}
	test -z "$database" || psql_cluster -d postgres \
	    -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" \
	    -c "DROP ROLE IF EXISTS ${database}_reader, ${database}_writer,
		${database}_account" >/dev/null 2>&1
	test ! -d "$tmp/cluster" || stop "$tmp/cluster/pid" QUIT 10
	test ! -e "$tmp/sanitizer" || _status=1
	rm -rf "$tmp"
	exit "$_status"
}

# --- results ----------------------------------------------------------------

plan() { echo "1..$1"; }
note() { printf '%s\n' "$*" | sed 's/^/# /'; }

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

result() {
	count=$((count + 1))
	if test "$1" -eq 0; then
		echo "ok $count - $2"
	else
		failures=$((failures + 1))
		echo "not ok $count - $2"
	fi
}

is() {
	if test "$1" = "$2"; then
		result 0 "$3"
	else
		result 1 "$3"
		printf 'got:  %s\nwant: %s\n' "$1" "$2" | sed 's/^/# /'
	fi
}

like() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then
		result 0 "$3"
	else
		result 1 "$3"
		printf 'got:  %s\nwant: %s\n' "$1" "$2" | sed 's/^/# /'
	fi
}

ok() {
	_what=$1
	shift
	if "$@" >"$tmp/ok" 2>&1; then
		result 0 "$_what"
	else
		result 1 "$_what"
		sed 's/^/# /' "$tmp/ok"
	fi
}

# --- one function -----------------------------------------------------------

bare() {
	env -i MAYFLY_RATES="$rates" \
	    ${DATABASE_URL:+DATABASE_URL="$DATABASE_URL"} \
	    ${DATABASE_READER_URL:+DATABASE_READER_URL="$DATABASE_READER_URL"} \
	    ${DATABASE_WRITER_URL:+DATABASE_WRITER_URL="$DATABASE_WRITER_URL"} \
	    ${DATABASE_ACCOUNT_URL:+DATABASE_ACCOUNT_URL="$DATABASE_ACCOUNT_URL"} \
	    ${ASAN_OPTIONS:+ASAN_OPTIONS="$ASAN_OPTIONS"} \
	    ${UBSAN_OPTIONS:+UBSAN_OPTIONS="$UBSAN_OPTIONS"} "$@"
}

# A function has no environment but what is listed here.
fn() {
	_name=$1 _token='' _query='' _path='' _data='' _method='' _extra=''
	shift
	OPTIND=1
	while getopts t:q:p:m:d:e: _opt; do
		case $_opt in
		t) _token=$OPTARG ;;
		q) _query=$OPTARG ;;
		p) _path=$OPTARG ;;
		m) _method=$OPTARG ;;
		d) _data=$OPTARG _method=${_method:-POST} ;;
		e) _extra=$OPTARG ;;
		*) exit 99 ;;
		esac
	done
	test -x "$top_builddir/cgi-bin/$_name" ||
	    fail "not built: cgi-bin/$_name" "run: make -C $top_builddir check"
	printf %s "$_data" >"$tmp/in"
	bare MAYFLY_TOKEN_SECRET="$secret" \
	    REQUEST_METHOD="${_method:-GET}" QUERY_STRING="$_query" \
	    ${_path:+PATH_INFO="$_path"} \
	    ${_data:+CONTENT_TYPE=application/json} \
	    CONTENT_LENGTH="${#_data}" \
	    ${_token:+HTTP_AUTHORIZATION="Token $_token"} \
	    ${_extra:+"$_extra"} "$top_builddir/cgi-bin/$_name" \
	    <"$tmp/in" >"$tmp/out" 2>"$tmp/log"
	# shellcheck disable=SC2034 # for the tests
	code=$?
	tr -d '\r' <"$tmp/out" >"$tmp/reply"
	# shellcheck disable=SC2034 # for the tests
	headers=$(sed '/^$/,$d' "$tmp/reply")
	body=$(sed '1,/^$/d' "$tmp/reply")
	status=$(sed -n 's/^Status: \([0-9]*\).*/\1/p; /^$/q' "$tmp/reply")
}

secret=not-secret-not-secret-not-secret
rates=off

json() { printf '%s\n' "$body" | jq -r "$1" 2>&1; }

# The shell that ran the function adds its own word when that died.
logged() { jq -Rr 'fromjson? | .msg' "$tmp/log"; }

new_user() {
	fn user-create -d '{"user":{"username":"'"$1"'","email":"'"$1"\
'@example.org","password":"correct horse"}}'
	test "$status" = 201 ||
	    fail "user-create answers $status: $body $(cat "$tmp/log")"
	json .user.token
}

sign_token() {
	psql_cluster -d "$database" -v header="$1" -v claims="$2" \
	    -v secret="${3-$secret}" <<-'EOF'
		SET client_min_messages = warning;
		CREATE EXTENSION IF NOT EXISTS pgcrypto;
		CREATE FUNCTION pg_temp.base64url(bytea) RETURNS text RETURN
		    translate(encode($1, 'base64'), E'+/=\n', '-_');
		SELECT t || '.' || pg_temp.base64url(hmac(t, :'secret', 'sha256'))
		FROM concat_ws('.', pg_temp.base64url(:'header'),
		    pg_temp.base64url(:'claims')) AS t;
	EOF
}

# --- the database -----------------------------------------------------------

# A cluster that need not survive a loss of power, in the folder $1; what
# follows are options of postgres.
cluster_start() {
	find_postgres
	_cluster=$1
	shift
	mkdir -p "$_cluster/data" "$_cluster/run" &&
	    chown "$service:" "$_cluster/data" "$_cluster/run" &&
	    chmod 700 "$_cluster/data" && chmod 711 "$_cluster" || exit 99
	as_service "$pg_bin/initdb" -D "$_cluster/data" -U mayfly -E UTF8 \
	    --locale=C.UTF-8 --auth=trust --no-sync \
	    >"$_cluster/initdb.log" 2>&1 || {
		note "$(tail "$_cluster/initdb.log")"
		exit 99
	}
	start "$_cluster/pid" "$_cluster/data/log" \
	    "$pg_bin/postgres" -D "$_cluster/data" \
	    -k "$_cluster/run" -p "$cluster_port" -c listen_addresses= \
	    -c fsync=off \
	    -c full_page_writes=off -c max_connections=200 "$@"
	wait_until 30 "$pg_bin/pg_isready" -q -h "$_cluster/run" \
	    -p "$cluster_port" ||
	    fail 'PostgreSQL does not start' "$(tail "$_cluster/data/log")"
}

psql_cluster() {
	psql -qXAt -v ON_ERROR_STOP=1 -v reader="${roles}_reader" \
	    -v writer="${roles}_writer" -v account="${roles}_account" \
	    -h "$cluster/run" -p "$cluster_port" -U mayfly "$@"
}

# find_cluster: the one of scripts/test, or one of our own.
find_cluster() {
	test -d /usr/lib/postgresql || skip_all 'PostgreSQL is not installed'
	cluster=${MAYFLY_TEST_CLUSTER:-$tmp/cluster}
	test -d "$cluster" || cluster_start "$cluster"
	database=test_$$
	psql_cluster -d postgres -c \
	    "DROP DATABASE IF EXISTS $database WITH (FORCE)" 2>/dev/null
}

owner_url() {
	echo "postgresql:///$1?host=$cluster/run&port=5432&user=mayfly"
}

pg_start() {
	find_cluster
	roles=$database
	psql_cluster -d postgres -c "CREATE DATABASE $database" || exit 99
	MAYFLY_MIGRATE_URL=$(owner_url "$database")
	export MAYFLY_MIGRATE_URL
}

migrate() {
	"$top_builddir/mayfly" db migrate "${1:-$top/sql}"
}

# A database with schema and statements, from which those of all tests of a run
# are copied; its name follows from what it is made of.
make_template() {
	template=template_$(cat "$top"/sql/*.sql "$top"/cgi-bin/*.sql |
	    cksum | tr ' ' _)
	test "$(psql_cluster -d postgres -c "SELECT count(*) FROM pg_database
	    WHERE datname = '$template'")" = 0 || return 0
	psql_cluster -d postgres -c \
	    'DROP DATABASE IF EXISTS template_new' \
	    -c 'CREATE DATABASE template_new' 2>/dev/null &&
	    MAYFLY_MIGRATE_URL=$(owner_url template_new) &&
	    export MAYFLY_MIGRATE_URL &&
	    "$top_builddir/mayfly" db migrate "$top/sql" &&
	    "$top_builddir/mayfly" db statements "$top_builddir/cgi-bin" &&
	    psql_cluster -d postgres -c \
		"ALTER DATABASE template_new RENAME TO $template"
}

# One at a time: a template that somebody is in cannot be copied.
copy_template() {
	make_template &&
	    psql_cluster -d postgres -c \
		"CREATE DATABASE $database TEMPLATE $template"
}

db_start() {
	test -x "$top_builddir/mayfly" || {
		note "not built: run make in $top_builddir"
		exit 99
	}
	find_cluster
	(
		flock 8
		copy_template
	) 8<"$cluster" >"$tmp/template.log" 2>&1 || {
		note "$(cat "$tmp/template.log")"
		exit 99
	}
	roles=template_new # those of make_template
	MAYFLY_MIGRATE_URL=$(owner_url "$database")
	one_url ''
	DATABASE_READER_URL=$(role_url reader)
	DATABASE_WRITER_URL=$(role_url writer)
	DATABASE_ACCOUNT_URL=$(role_url account)
	export MAYFLY_MIGRATE_URL
}

role_url() {
	echo "postgresql:///$database?host=$cluster/run&port=$cluster_port\
&user=${roles}_$1"
}

one_url() {
	DATABASE_URL=$1
	DATABASE_READER_URL='' DATABASE_WRITER_URL='' DATABASE_ACCOUNT_URL=''
}

sql() { psql_cluster -d "$database" -c "$1"; }

# shellcheck disable=SC2120 # stack tests give a command
disagreement() {
	"${1:-sql}" "
	    WITH due AS (SELECT *, (SELECT array_agg(DISTINCT t)
		FROM unnest(tag_list) AS t) AS tags FROM article WHERE counted),
	    wrong AS (
	    SELECT 'counted', id::text FROM article WHERE counted
		AND (listed_at > statement_timestamp()) IS NOT FALSE
	    UNION ALL SELECT 'article_counter', '' WHERE
		(SELECT sum(n) FROM article_counter) <>
		(SELECT count(*) FROM due)
	    UNION ALL SELECT 'account.articles_count', id::text FROM account
		WHERE articles_count <> (SELECT count(*) FROM due
		    WHERE author_id = account.id)
	    UNION ALL SELECT 'tag', tag FROM (SELECT tag, count(*) AS n
		FROM due, unnest(tags) AS tag GROUP BY tag) AS used
		FULL JOIN tag USING (tag)
		WHERE n IS DISTINCT FROM articles_count
	    UNION ALL SELECT 'article.favorites_count', id::text FROM article
		WHERE favorites_count <> (SELECT count(*) FROM favorite
		    WHERE article_id = article.id)
	    UNION ALL SELECT 'article.comments_count', id::text FROM article
		WHERE comments_count <> (SELECT count(*) FROM comment
		    WHERE article_id = article.id AND hidden_at IS NULL)
	    UNION ALL SELECT 'favorite.listed_at', article_id::text
		FROM favorite AS f JOIN article AS a ON a.id = f.article_id
		WHERE f.listed_at IS DISTINCT FROM a.listed_at
	    UNION ALL SELECT 'article_tag', article_id::text FROM (
		SELECT tag COLLATE \"C\" AS tag, listed_at, id AS article_id
		FROM article, unnest(tag_list) AS tag
		WHERE listed_at IS NOT NULL GROUP BY 1, 2, 3) AS a
		FULL JOIN (SELECT tag, listed_at, article_id, true AS there
		    FROM article_tag) AS b USING (tag, listed_at, article_id)
		WHERE there IS NULL OR NOT EXISTS (SELECT FROM article
		    WHERE id = article_id AND tag = ANY (tag_list)
		    AND article.listed_at = b.listed_at))
	    SELECT what, left(string_agg(which, ' '), 100)
	    FROM wrong AS w (what, which) GROUP BY what ORDER BY what"
}

pair_table() {
	"$1" 'CREATE TABLE test_pair (id integer PRIMARY KEY,
	    other integer CONSTRAINT test_pair_other REFERENCES test_pair
	    DEFERRABLE INITIALLY DEFERRED)'
	"$1" "GRANT SELECT, INSERT, UPDATE, DELETE ON test_pair
	    TO ${roles}_writer"
	"$1" "GRANT SELECT ON test_pair TO ${roles}_reader"
}

# --- the stack --------------------------------------------------------------

stack_start() {
	_functions=''
	if test "${1-}" = -f; then
		_functions=$2
		shift 2
	fi
	command -v nginx >/dev/null || skip_all 'nginx is not installed'
	command -v pgbouncer >/dev/null ||
	    skip_all 'PgBouncer is not installed'
	var=$tmp/var port=$(free_port)
	mkdir "$var" "$tmp/fn" && touch "$var/.mayfly-state" || exit 99
	(
		umask 077
		for _setting in "$@" MAYFLY_RATES=off; do
			echo "$_setting"
		done >"$var/env"
	)
	roles=mayfly
	# shellcheck disable=SC2034 # for the tests
	url=http://127.0.0.1:$port
	if test -n "$_functions"; then
		deploy=--no-smoke # they misbehave on purpose
		# types reads a table that only its own test makes.
		find "$_functions" -maxdepth 1 -type f -perm -u+x \
		    ! -name types -exec cp {} "$tmp/fn" \;
		# Their statements are prepared at the next stack_up.
		if test -e "$tmp/fn/atomic" || test -e "$tmp/fn/gate" ||
		    test -e "$tmp/fn/once"; then
			stack_up_or_end
			pair_table stack_sql
		fi
		printf '%s\n' TEST_KEY=key TEST_HOOK_KEY=hook >>"$var/env"
		sed -i '/^MAYFLY_FUNCTIONS=/d' "$var/env"
		echo "MAYFLY_FUNCTIONS=$var/cgi-bin:$tmp/fn" >>"$var/env"
	fi
	stack_up_or_end
}

stack_up_or_end() {
	stack_up >"$tmp/up.log" 2>&1 || {
		note "$(cat "$tmp/up.log")"
		failures=1
		exit 99
	}
}

stack_sql() { psql -qXAt -h "$var/run" -U mayfly -d mayfly -c "$1"; }

# scripts/up once more: for what a test changed or killed.
stack_up() {
	VAR=$var HTTP_PORT=$port BUILD=$top_builddir DEPLOY=$deploy \
	    "$top/scripts/up"
}

# What a sanitizer has said of a daemon, also while that was leaving, fails the
# test.
stack_stop() {
	VAR=$var "$top/scripts/down"
	if grep -hE 'ERROR: .*Sanitizer|runtime error:' "$var"/log/*.log \
	    >"$tmp/found"; then
		mv "$tmp/found" "$tmp/sanitizer"
		note "$(cat "$tmp/sanitizer")"
		stack_logs
	fi
	VAR=$var "$top/scripts/down" --purge
	var=''
}

stack_logs() {
	for _file in "$var"/log/*.log; do
		note "--- $_file"
		note "$(tail -n 20 "$_file")"
	done
}

# shellcheck source=tests/bad_input.sh
. "$top/tests/bad_input.sh"

# --- inputs -----------------------------------------------------------------

# shellcheck disable=SC2034 # for the tests
some_id=0193f0a1-0000-7000-8000-00000000000a

# input_table [MORE]: each row of tests/input.table is sent by send() of the
# test, which has MORE results.
input_table() {
	grep -v '^#' "$top/tests/input.table" >"$tmp/rows"
	plan "$(($(wc -l <"$tmp/rows") + ${1:-0}))"
	while IFS= read -r row; do
		place=${row%% | *} rest=${row#* | }
		sent=${rest% | *} back=${rest##* | }
		send "$place" "$sent"
		field=${back%% *} wanted=${back#* }
		case $wanted in
		'! '*)
			wanted=$(jq -nc --arg f "$field" --arg m \
			    "${wanted#! }" '{errors: {($f): [$m]}}')
			is "$body" "$wanted" "$place: $sent: refused"
			;;
		-) is "$status $(json "has(\"$field\")")" '200 false' \
		    "$place: $sent: left out" ;;
		*) is "$status $(printf '%s' "$body" |
		    jq -c ".[\"$field\"]")" "200 $wanted" "$place: $sent" ;;
		esac
	done <"$tmp/rows"
}

# --- the rest ---------------------------------------------------------------

npm_require() {
	_npm=${MAYFLY_TEST_NPM:-$top/build-test/npm}
	cmp -s "$_npm/installed" "$top/tests/npm/package-lock.json" ||
	    skip_all "the packages of tests/npm are not in $_npm: scripts/test installs them, with npm and a network"
	ln -s "$_npm/node_modules" "$tmp/node_modules" &&
	    cp -R "$top"/tests/npm/*.mjs "$top/tests/npm/client" "$tmp" &&
	    chmod -R u+w "$tmp/client"
}

repeat() { printf "%${1}s" '' | tr ' ' "$2"; }

# Below the range that the kernel takes ports for clients from.
free_port() {
	while :; do
		_port=$((20000 + $(od -A n -N 2 -t u2 /dev/urandom) % 12000))
		port_taken "$_port" || break
	done
	echo "$_port"
}

wait_for() {
	_seconds=10
	if test "$1" = -t; then
		_seconds=$2
		shift 2
	fi
	wait_until "$_seconds" "$@" && return
	note "waited $_seconds s for: $*"
	return 1
}

kill_at_exit() { processes="$processes $1"; }
