# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# stack.sh -- what the programs in bench/ begin with.  Sourced; the caller has
# set $bench to this folder's parent.
#
#   bench_begin "$@"   read the options; start the stack of the bench with
#                      100,000 articles; build the tools, install the peers
#   bench_run NAME...  run each lib/NAME.mjs, then with --purge delete everything
#
# Everything lies in one folder, VAR (default var-bench in the tree): what
# scripts/up keeps there, and below bench/ the tools and the peers.  The stack
# goes on running for the next bench; with --purge it is stopped and deleted.

top=$(cd "${bench:?}/.." && pwd -P)
VAR=${VAR:-$top/var-bench}
export VAR

articles=100000
lock_s=1800 # all of bench/all

bench_fail() {
	echo "bench: $1" >&2
	exit 1
}

bench_usage() {
	sed -n '2,/^set -/s/^# \{0,1\}//p' "$0" | sed '$d'
	cat <<'END'

	--rounds N		alternating rounds
	--seconds N		how long one run of a round lasts
	--runs N		repetitions, where single requests are timed
	--connections N		that the load keeps open
	--purge			stop and delete the stack afterwards
Environment: VAR, the folder of the stack; HTTP_PORT, default any free port.
END
	exit "$1"
}

bench_options() {
	purge=''
	while test $# -gt 0; do
		case $1 in
		--purge) purge=yes ;;
		-h | --help) bench_usage 0 ;;
		--rounds | --seconds | --runs | --connections)
			case ${2-} in
			'' | *[!0-9]* | 0* | ?????*) bench_usage 2 >&2 ;;
			esac
			_name=$(echo "${1#--}" | tr '[:lower:]' '[:upper:]')
			export "BENCH_$_name=$2"
			shift
			;;
		*) bench_usage 2 >&2 ;;
		esac
		shift
	done
}

bench_require() {
	for _program in cc node npm wrk; do
		command -v "$_program" >/dev/null ||
		    bench_fail "there is no $_program: apt-get install gcc nodejs npm wrk"
	done
}

free_port() {
	node -e 'const server = require("net").createServer();
	    server.listen(0, "127.0.0.1", () => {
		console.log(server.address().port);
		server.close();
	    });'
}

psql_owner() {
	psql -qXAt -v ON_ERROR_STOP=1 -h "$VAR/run" -p 5432 -U mayfly \
	    -d mayfly "$@"
}

bench_stack() {
	if test -z "${HTTP_PORT-}"; then
		HTTP_PORT=$(cat "$VAR/pid/port" 2>/dev/null) ||
		    HTTP_PORT=$(free_port)
	fi
	export HTTP_PORT
	# What an interrupted bench/cold may have left.
	test ! -e "$VAR/env" || sed -i '/^MAYFLY_IDLE_MS=/d' "$VAR/env"
	"$top/scripts/up" >&2 || bench_fail 'the stack does not start'
	VAR=$(cd "$VAR" && pwd -P)
	mkdir -p "$VAR/bench"
	bench_database
	_count=$(psql_owner -c 'SELECT count(*) FROM article') || exit 1
	if test "$_count" -eq 0; then
		"$top/scripts/seed" "$articles" ||
		    bench_fail 'the articles could not be made'
	elif test "$_count" -ne "$articles"; then
		bench_fail "$VAR has $_count articles, not $articles: --purge"
	fi
}

# The peers come through the same PgBouncer as the same role, but with the
# planner as PostgreSQL has it: the role's settings suit the functions' own
# statements, and would give theirs a bad plan.  pgbench keeps the statement it
# has prepared, so each of its connections keeps one to the server.
bench_database() {
	_server="host=$VAR/run port=5432 dbname=mayfly user=mayfly_function"
	cat >"$VAR/bench/databases" <<END
peers = $_server connect_query='SET plan_cache_mode = auto; \
SET enable_memoize = on; SET jit = off'
limit = $_server pool_mode=session
END
	cmp -s "$VAR/bench/databases" "$VAR/pgbouncer.databases" && return
	test ! -s "$VAR/pgbouncer.databases" ||
	    bench_fail "$VAR/pgbouncer.databases is not the bench's: another VAR"
	cp "$VAR/bench/databases" "$VAR/pgbouncer.databases"
	"$top/scripts/up" >/dev/null || bench_fail 'the stack does not start'
}

bench_tools() {
	for _tool in first-byte exec-time; do
		test "$VAR/bench/$_tool" -nt "$bench/$_tool.c" ||
		    cc -std=gnu11 -O2 -o "$VAR/bench/$_tool" "$bench/$_tool.c" ||
		    bench_fail "$_tool.c does not compile"
	done
}

# A copy, so that what npm installs stays out of the tree.  No package needs
# its install script: the programs come as packages of their own.
bench_peers() {
	_peers=$VAR/bench/peers
	mkdir -p "$_peers"
	for _file in "$bench"/peers/*; do
		test ! -f "$_file" || cp "$_file" "$_peers/"
	done
	if ! cmp -s "$_peers/package-lock.json" "$_peers/installed"; then
		echo 'bench: installing the peers from npm ...' >&2
		(cd "$_peers" && npm ci --ignore-scripts --no-audit --no-fund \
		    >npm.log 2>&1) || {
			tail -n 20 "$_peers/npm.log" >&2
			bench_fail 'npm ci failed'
		}
		cp "$_peers/package-lock.json" "$_peers/installed"
	fi
	for _name in hono hono-pool; do
		bundle "$_name.js" --format=esm --platform=neutral \
		    --conditions=workerd '--external:node:*' \
		    '--external:cloudflare:*' "--outfile=$_name.bundle.js"
	done
	# pg reaches for these two only when told to.
	bundle fastify.js --format=cjs --platform=node --external:pg-native \
	    --external:pg-cloudflare --outfile=fastify.bundle.cjs
}

bundle() {
	(cd "$_peers" && node_modules/.bin/esbuild "$@" --bundle --minify \
	    --log-level=error) || bench_fail "esbuild failed for $1"
}

# Two at once would measure each other.
bench_lock() {
	exec 7<"$bench"
	flock -n 7 && return
	echo 'bench: another bench is at work: waiting' >&2
	flock -w "$lock_s" 7 || bench_fail "it did not end in $lock_s s"
}

bench_begin() {
	bench_options "$@"
	bench_require
	bench_lock
	bench_stack
	bench_tools
	bench_peers
}

bench_run() {
	_status=0
	for _name in "$@"; do
		BENCH_TOP=$top node "$bench/lib/$_name.mjs" || {
			_status=$?
			break
		}
	done
	test -z "$purge" || "$top/scripts/down" --purge
	exit "$_status"
}
