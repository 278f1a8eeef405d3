# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# stack.sh -- what the programs in bench/ begin with.  Sourced; the caller has
# set $bench to this folder's parent.
#
#   bench_begin "$@"   read the options; start the stack of the bench with
#                      100,000 articles; build the tools, install the peers
#   bench_grow "$@"    the same, and beside it a stack for each other size in
#                      $bench_sizes
#   bench_pair "$@"    the same for a comparison with the revision among the
#                      options: its stack, too, but no peers
#   bench_run NAME...  run each lib/NAME.mjs, then with --purge delete everything
#
# A program that takes --only has set $bench_only to all that it can measure, and
# one that takes --sizes has set $bench_sizes to numbers of articles, ascending.
#
# Everything lies in one folder, VAR (default var-bench in the tree): what
# scripts/up keeps there, and below bench/ the tools and the peers.  The stack
# goes on running for the next bench; with --purge it is stopped and deleted.
# The other revision of bench_pair has its tree and its stack below
# bench/COMMIT, the other sizes of bench_grow their stacks in bench/SIZE; those
# are stopped at the end, and their data stays.

top=$(cd "${bench:?}/.." && pwd -P)
VAR=${VAR:-$top/var-bench}
export VAR

standard=100000 # articles
lock_s=1800 # all of bench/all
bench_only=''
bench_sizes=''
grown='' # the folders of the other sizes
rev=''        # what the caller called it, and
commit=''     # the folder's name
before_tree=''

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
	--record		also into bench/results/, in the file of the day
	--purge			stop and delete the stack afterwards
Environment: VAR, the folder of the stack; HTTP_PORT, default any free port.
END
	exit "$1"
}

bench_options() {
	purge='' record=''
	command="bench/$(basename "$0")${1+ }$*"
	while test $# -gt 0; do
		case $1 in
		--purge) purge=yes ;;
		--record) record=yes ;;
		--only)
			bench_subset "${2-}" || bench_usage 2 >&2
			bench_only=$2
			shift
			;;
		--sizes)
			bench_ascending "${2-}" || bench_usage 2 >&2
			bench_sizes=$2
			shift
			;;
		-h | --help) bench_usage 0 ;;
		--rounds | --seconds | --runs | --connections)
			case ${2-} in
			'' | *[!0-9]* | 0* | ?????*) bench_usage 2 >&2 ;;
			esac
			_name=$(echo "${1#--}" | tr '[:lower:]' '[:upper:]')
			export "BENCH_$_name=$2"
			shift
			;;
		-*) bench_usage 2 >&2 ;;
		*)
			test -z "$rev" || bench_usage 2 >&2
			rev=$1
			;;
		esac
		shift
	done
	export BENCH_ONLY="$bench_only"
}

# Whether each word of a list, such as noop,cold, is one of $bench_only.
bench_subset() {
	test -n "$1" || return 1
	for _word in $(echo "$1" | tr , ' '); do
		case ,$bench_only, in
		*,"$_word",*) ;;
		*) return 1 ;;
		esac
	done
}

# Whether a list, such as 10000,100000, is one of ascending numbers, where sizes
# can be chosen.
bench_ascending() {
	test -n "$bench_sizes" || return 1
	_last=0
	for _word in $(echo "$1" | tr , ' '); do
		case $_word in
		*[!0-9]* | 0* | ????????*) return 1 ;;
		esac
		test "$_word" -gt "$_last" || return 1
		_last=$_word
	done
	test "$_last" -gt 0
}

bench_require() {
	for _program in cc node wrk "$@"; do
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
	psql -qXAt -v ON_ERROR_STOP=1 -h "$_folder/run" -p 5432 -U mayfly \
	    -d mayfly "$@"
}

bench_up() {
	VAR=$_folder HTTP_PORT=$_port "$_tree/scripts/up" >&2 ||
	    bench_fail 'the stack does not start'
}

# The peers come through the same PgBouncer as one role that may do all they do,
# but with the planner as PostgreSQL has it: the role's settings suit the
# functions' own statements, which are prepared.  pgbench keeps the statement it
# has prepared, so each of its connections keeps one to the server.
bench_database() {
	_server="host=$_folder/run port=5432 dbname=mayfly"
	cat >"$_folder/bench/databases" <<END
peers = $_server user=mayfly_writer connect_query='SET plan_cache_mode = auto; \
SET enable_memoize = on; SET jit = off'
limit = $_server user=mayfly_reader pool_mode=session
END
	cmp -s "$_folder/bench/databases" "$_folder/pgbouncer.databases" && return
	test ! -s "$_folder/pgbouncer.databases" || bench_fail \
	    "$_folder/pgbouncer.databases is not the bench's: another VAR"
	cp "$_folder/bench/databases" "$_folder/pgbouncer.databases"
	bench_up
}

# All load comes from one address: no rate limit is measured by chance.  A
# revision that has none does not read the setting.
bench_lift_rates() {
	! grep -qx 'MAYFLY_RATES=off' "$_folder/env" || return 0
	sed -i '/^MAYFLY_RATES=/d' "$_folder/env"
	echo 'MAYFLY_RATES=off' >>"$_folder/env"
	bench_up
}

# bench_stack TREE FOLDER PORT ARTICLES: the stack of TREE, with its articles.
bench_stack() {
	_tree=$1 _folder=$2 _port=$3 articles=$4
	unset MAYFLY_MIGRATE_URL # scripts/seed would fill that database
	# What an interrupted bench/cold may have left.
	test ! -e "$_folder/env" || sed -i '/^MAYFLY_IDLE_MS=/d' "$_folder/env"
	bench_up
	_folder=$(cd "$_folder" && pwd -P)
	bench_lift_rates
	mkdir -p "$_folder/bench"
	bench_database
	_count=$(psql_owner -c 'SELECT count(*) FROM article') || exit 1
	if test "$_count" -eq 0; then
		VAR=$_folder "$_tree/scripts/seed" "$articles" ||
		    bench_fail 'the articles could not be made'
	elif test "$_count" -ne "$articles"; then
		bench_fail "$_folder has $_count articles, not $articles: --purge"
	fi
	# What was written is on disk now and not while something is measured.
	psql_owner -c CHECKPOINT
}

bench_own() {
	if test -z "${HTTP_PORT-}"; then
		HTTP_PORT=$(cat "$VAR/pid/port" 2>/dev/null) ||
		    HTTP_PORT=$(free_port)
	fi
	bench_stack "$top" "$VAR" "$HTTP_PORT" "$standard"
	VAR=$_folder
}

# --- another revision -------------------------------------------------------

# The stack of $rev, beside the tree's own.
bench_before() {
	commit=$(git -C "$top" rev-parse --quiet --verify --short=12 \
	    "$rev^{commit}") || bench_fail "there is no revision $rev"
	before_tree=$VAR/bench/$commit/tree
	BENCH_BEFORE_TOP=$before_tree BENCH_BEFORE_VAR=$VAR/bench/$commit/var
	BENCH_REV="$rev ($(git -C "$top" log -1 --format=%s "$commit"))"
	export BENCH_BEFORE_TOP BENCH_BEFORE_VAR BENCH_REV
	mkdir -p "$VAR/bench/$commit"
	# --force: it may have been deleted, and git not told.
	test -e "$before_tree/.git" ||
	    git -C "$top" worktree add --quiet --force --detach \
		"$before_tree" "$commit" ||
	    bench_fail "there is no tree of $rev"
	trap bench_stop_before EXIT
	trap 'exit 130' HUP INT TERM
	bench_stack "$before_tree" "$BENCH_BEFORE_VAR" "$(free_port)" \
	    "$standard"
	BENCH_BEFORE_VAR=$_folder
}

bench_stop_before() {
	trap - EXIT
	test -z "$before_tree" ||
	    VAR=$BENCH_BEFORE_VAR "$before_tree/scripts/down" ${purge:+--purge} ||
	    return
	if test -n "$purge" && test -n "$before_tree"; then
		git -C "$top" worktree remove --force "$before_tree"
	fi
	before_tree=''
}

# --- other sizes ------------------------------------------------------------

# The stack of each size in $bench_sizes, of this tree and its build; that of
# the standard size is the tree's own.
bench_grow() {
	bench_begin "$@"
	BENCH_SIZES=$bench_sizes
	export BENCH_SIZES
	trap bench_stop_grown EXIT
	trap 'exit 130' HUP INT TERM
	for _size in $(echo "$bench_sizes" | tr , ' '); do
		test "$_size" -ne "$standard" || continue
		BUILD=${BUILD:-$VAR/build} && export BUILD
		grown="$grown $VAR/bench/$_size"
		bench_stack "$top" "$VAR/bench/$_size" "$(free_port)" "$_size"
	done
}

bench_stop_grown() {
	trap - EXIT
	for _folder in $grown; do
		VAR=$_folder "$top/scripts/down" ${purge:+--purge}
	done
	grown=''
}

bench_tools() {
	for _tool in first-byte exec-time pace; do
		test "$VAR/bench/$_tool" -nt "$bench/$_tool.c" ||
		    cc -std=gnu11 -D_GNU_SOURCE -O2 -o "$VAR/bench/$_tool" "$bench/$_tool.c" ||
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
	test -z "$rev" || bench_usage 2 >&2
	bench_require npm
	bench_lock
	bench_own
	bench_tools
	bench_peers
	export BENCH_PEERS=yes
}

bench_pair() {
	bench_options "$@"
	test -n "$rev" || bench_usage 2 >&2
	bench_require git
	bench_lock
	unset BUILD # it can be of one tree only
	bench_own
	bench_before
	bench_tools
}

# A section of the file of the day: the command, then all that was printed.
bench_record() {
	_day=$(date +%F)
	_file=$bench/results/$_day.md
	mkdir -p "$bench/results"
	test -e "$_file" || echo "# Measurements of $_day" >"$_file"
	{
		printf '\n## %s\n\n' "$command"
		sed -e :a -e '/^\n*$/{ $d' -e 'N; ba' -e '}' "$VAR/bench/printed"
	} >>"$_file"
	echo "bench: recorded in bench/results/$_day.md" >&2
}

bench_run() {
	_status=0
	: >"$VAR/bench/printed"
	for _name in machine "$@"; do
		BENCH_TOP=$top node "$bench/lib/$_name.mjs" \
		    >"$VAR/bench/printed.one" || {
			_status=$?
			break
		}
		tee -a "$VAR/bench/printed" <"$VAR/bench/printed.one"
	done
	test "$_status" -ne 0 || test -z "$record" || bench_record
	bench_stop_before
	bench_stop_grown
	test -z "$purge" || "$top/scripts/down" --purge
	exit "$_status"
}
