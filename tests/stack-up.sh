#!/bin/sh
# SPDX-License-Identifier: MIT
# scripts/up and scripts/down: run again they change nothing, what died is
# repaired, what changed is taken over, two stacks do not meet, and mistakes
# are answered with what to do.
. "${top_srcdir:-.}/tests/lib.sh"

number() { cut -d ' ' -f 1 "$var/pid/$1.pid"; }
numbers() {
	for daemon in postgres pgbouncer mayflyd nginx; do
		number "$daemon"
	done
}
answers() {
	curl -s --noproxy '*' --max-time 5 -o "$tmp/answer" \
	    -w '%{http_code}' "http://127.0.0.1:$1/readyz"
}

# up FOLDER PORT: sets $code and $out.
up() {
	code=0
	out=$(VAR=$1 HTTP_PORT=$2 BUILD=$top_builddir "$top/scripts/up" 2>&1) ||
	    code=$?
}
down() {
	_where=$1
	shift
	code=0
	out=$(VAR=$_where "$top/scripts/down" "$@" 2>&1) || code=$?
}

mkdir "$tmp/some" && cp "$top_builddir/tests/fn/nap" "$tmp/some" || exit 99
stack_start -f "$tmp/some"
plan 58

is "$(answers "$port")" 200 'it answers'
like "$(cat "$tmp/up.log")" "http://127.0.0.1:$port" 'and says where'
is "$(for one in $(numbers); do stat -c %U "/proc/$one"; done | sort -u)" \
    "$service" 'no daemon runs as root'
is "$(stat -c %a "$var/env")" 600 'nobody else reads the secret'
is "$(grep -c '^MAYFLY_TOKEN_SECRET=[0-9a-f]\{64\}$' "$var/env")" 1 \
    'of 32 bytes'

# --- again ------------------------------------------------------------------

before=$(numbers) secret_before=$(cat "$var/env")
ok 'again' stack_up
is "$(numbers)" "$before" 'nothing is started anew'
is "$(cat "$var/env")" "$secret_before" 'and the settings are kept'

echo MAYFLY_LOG_LEVEL=warn >>"$var/env"
ok 'with another setting' stack_up
is "$(numbers)" "$before" 'nothing is started anew'
echo 'MAYFLY_IDLE_MS="500"' >>"$var/env"
not_up() { ! stack_up; }
ok 'a setting that is none is refused' not_up
is "$(numbers)" "$before" 'and nothing is stopped'
sed -i '/^MAYFLY_IDLE_MS=/d' "$var/env"

# When scripts/up returns, no worker of nginx has the old routes any more.
here='' away=''
for _ in 1 2 3 4 5; do
	cp "$top_builddir/tests/fn/fault" "$tmp/fn/fault"
	stack_up >"$tmp/up.log" 2>&1
	here="$here $(curl -s -o "$tmp/answer" -w '%{http_code}' \
	    "$url/test/fault?n=9")"
	rm "$tmp/fn/fault"
	stack_up >"$tmp/up.log" 2>&1
	away="$away $(curl -s -o "$tmp/answer" -w '%{http_code}' \
	    "$url/test/fault?n=9")"
done
is "$here" ' 200 200 200 200 200' 'a new function is there at once'
is "$away" ' 404 404 404 404 404' 'one that was removed is not'

for daemon in postgres pgbouncer mayflyd nginx; do
	kill -KILL "$(number "$daemon")"
	ok "after kill -9 of $daemon" stack_up
	is "$(answers "$port")" 200 'it answers again'
done
for daemon in postgres pgbouncer mayflyd nginx; do
	kill -KILL "$(number "$daemon")"
done
ok 'after kill -9 of all at once' stack_up

# --- PgBouncer --------------------------------------------------------------

# What was noted is scripts/keep; PgBouncer is its child.
bouncer() { tr -d ' ' <"/proc/$(number pgbouncer)/task/$(number pgbouncer)/children"; }
runs() { test -d "/proc/$1"; }
another_bouncer() { test -n "$(bouncer)" && test "$(bouncer)" != "$old"; }
ready() { test "$(answers "$port")" = 200; }

keeper=$(number pgbouncer)
for _ in 1 2; do
	old=$(bouncer)
	kill -KILL "$old"
	ok 'a PgBouncer that dies is started again' wait_for -t 3 another_bouncer
	ok 'by itself' wait_for -t 5 ready
done
is "$(number pgbouncer)" "$keeper" 'by the one who started it'
like "$(cat "$var/log/pgbouncer.log")" 'pgbouncer ended with 137' \
    'the log says so'
old=$(bouncer)
kill -HUP "$keeper"
reread() { grep -q 'SIGHUP' "$var/log/pgbouncer.log"; }
ok 'SIGHUP is passed on' wait_for -t 3 reread
is "$(bouncer)" "$old" 'and ends neither'
kill -TERM "$keeper"
gone_both() { ! alive "$var/pid/pgbouncer.pid" && ! runs "$old"; }
ok 'SIGTERM ends both' wait_for -t 3 gone_both
stack_up >"$tmp/up.log" 2>&1
old=$(bouncer)
kill -KILL "$(number pgbouncer)"
ok 'and so does SIGKILL' wait_for -t 3 gone_both
echo nonsense >>"$var/pgbouncer.databases"
begin=$(uptime_s)
stack_up >"$tmp/up.log" 2>&1
like "$(cat "$tmp/up.log")" 'pgbouncer does not start' \
    'one that cannot start is not tried for ever'
ok 'and that is said at once' test $(($(uptime_s) - begin)) -lt 10
: >"$var/pgbouncer.databases"
ok 'with a good configuration it starts' stack_up

wants=no
at_least "$(pgbouncer --version | sed -n '1s/.* //p')" 1.21 && wants=yes
has=no
grep -qx 'max_prepared_statements = 0' "$var/pgbouncer.ini" && has=yes
is "$has" "$wants" 'it keeps no statements of clients, if it ever could'
for pair in 1.18.0:no 1.20.1:no 1.21.0:yes 1.21:yes 1.24.1:yes 1.100.0:yes \
    2.0.0:yes; do
	at_least "${pair%:*}" 1.21 && echo "${pair%:*}:yes" || echo "${pair%:*}:no"
done >"$tmp/versions"
is "$(paste -s -d ' ' "$tmp/versions")" '1.18.0:no 1.20.1:no 1.21.0:yes '\
'1.21:yes 1.24.1:yes 1.100.0:yes 2.0.0:yes' 'versions are compared by their parts'

# --- a query that outlives its postmaster -----------------------------------

psql -qX -h "$var/run" -p 5432 -U mayfly -d mayfly \
    -c 'SELECT pg_sleep(60)' >"$tmp/sleep" 2>&1 &
kill_at_exit $!
asleep() {
	test "$(psql -qXAt -h "$var/run" -p 5432 -U mayfly -d mayfly -c \
	    "SELECT count(*) FROM pg_stat_activity
	     WHERE query = 'SELECT pg_sleep(60)'")" = 1
}
wait_for asleep
kill -KILL "$(number postgres)"
ok 'after kill -9 of PostgreSQL in a query' stack_up

# --- another port, another stack --------------------------------------------

first=$port port=$(free_port)
ok 'on another port' stack_up
is "$(answers "$port")" 200 'it answers there'
is "$(answers "$first")" 000 'and no longer here'

other=$tmp/other second=$(free_port)
up "$other" "$port"
like "$code $out" '^1 .*is taken' 'a second stack on this port is refused'
like "$out" "HTTP_PORT=$((port + 1))" 'with what to do'
up "$other" "$second" 3>&1
is "$code" 0 'on another it starts'
is "$(answers "$port") $(answers "$second")" '200 200' 'both answer'
down "$other"
is "$code $(answers "$port")" '0 200' 'one stops, the other does not'
ok 'its data is kept' test -e "$other/pg/PG_VERSION"
down "$other" --purge
is "$code $(test -e "$other" || echo gone)" '0 gone' 'unless purged'
like "$out" 'deleted' 'which it says'
down "$other" --purge
is "$code $(echo "$out" | sed 's/ in .*//')" '0 mayfly: nothing' \
    'a second time there is nothing to do'

still() { grep -l "$1/pgbouncer.ini" /proc/[0-9]*/cmdline 2>/dev/null; }
is "$(still "$other")" '' 'and nothing of it runs'

# --- warnings of the build --------------------------------------------------

is "$(compiler_warnings <<-'END'
	../x.c: In function 'f':
	../x.c:3:5: warning: unused variable 'a' [-Wunused-variable]
	    3 |         int a;
	../y.h:1:9: warning: 'b' defined but not used [-Wunused-variable]
	../y.h:1:9: warning: 'b' defined but not used [-Wunused-variable]
	../z.c:4: warning: Using 'getaddrinfo' in statically linked applications
	(.text+0x5d): warning: Using 'gethostbyname' in statically linked
	../x.c:9:1: note: declared here
	END
)" "../x.c:3:5: warning: unused variable 'a' [-Wunused-variable]
../y.h:1:9: warning: 'b' defined but not used [-Wunused-variable]" \
    'warnings of the compiler are shown once each, notes of the linker not'

# --- mistakes ---------------------------------------------------------------

mkdir "$tmp/mine" && echo mine >"$tmp/mine/file"
up "$tmp/mine" "$second"
like "$code $out" "^1 .*not Mayfly's" 'a folder with other files is refused'
down "$tmp/mine" --purge
is "$code $(cat "$tmp/mine/file")" '1 mine' 'and not deleted'
for bad in word 0 65536; do
	up "$other" "$bad"
	like "$code $out" '^1 .*HTTP_PORT' "HTTP_PORT=$bad is refused"
done
