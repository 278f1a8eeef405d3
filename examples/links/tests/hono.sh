#!/bin/sh
# SPDX-License-Identifier: MIT
# links.sh against the application in Hono, with a PostgreSQL of its own.
: "${top_srcdir:=$(dirname "$0")/../../..}"
. "$top_srcdir/tests/lib.sh"

links=$top/examples/links
command -v node >/dev/null || skip_all 'node is not installed'
test -d "$links/hono/node_modules/hono" ||
    skip_all 'run: cd examples/links/hono && npm ci --ignore-scripts'
pg_start
migrate >"$tmp/migrate.log" 2>&1 &&
    psql_cluster -d "$database" -f "$links/sql/101-links.sql" \
	>>"$tmp/migrate.log" 2>&1 || {
	note "$(cat "$tmp/migrate.log")"
	exit 99
}

port=$(free_port)
PORT=$port MAYFLY_TOKEN_SECRET=$secret PGHOST=$cluster/run \
    PGPORT=$cluster_port PGDATABASE=$database PGUSER=${roles}_writer \
    node "$links/hono/app.js" >"$tmp/app.log" 2>&1 &
kill_at_exit $!
wait_for port_taken "$port" || {
	note "$(cat "$tmp/app.log")"
	exit 99
}
LINKS_URL=http://127.0.0.1:$port LINKS_TOKEN_SECRET=$secret \
    LINKS_DATABASE=$MAYFLY_MIGRATE_URL sh "$links/tests/links.sh"
status=$?
test ! -s "$tmp/app.log" || note "$(cat "$tmp/app.log")"
exit "$status"
