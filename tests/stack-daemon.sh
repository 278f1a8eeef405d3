#!/bin/sh
# SPDX-License-Identifier: MIT
# What mayflyd is up against: silent clients of its control socket, no
# descriptors, a log that nobody reads, and files that whoever starts the stack
# has open.
. "${top_srcdir:-.}/tests/lib.sh"

status() { "$var/bin/mayfly" status -o json --run-dir "$var/run"; }
answers() { status >"$tmp/status" 2>&1; }
milliseconds() { echo $(($(date +%s%N) / 1000000)); }
# Of the processor, in hundredths of a second, since it started.
ticks() { awk '{ sub(/^.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }
silent() {
	"$top_builddir/tests/silent" "$var/run/mayflyd.sock" "$1" >"$tmp/silent" &
	silent=$!
	kill_at_exit "$silent"
}
silent_are_there() { grep -q ready "$tmp/silent"; }

stack_start -f "$top_builddir/tests/fn"
plan 21

# --- the control socket ---

silent 40
ok '40 clients say nothing' wait_for silent_are_there
begin=$(milliseconds)
ok 'a status is answered' answers
took=$(($(milliseconds) - begin))
ok "at once (after $took ms)" test "$took" -lt 1000
kill "$silent"
wait "$silent"

# It has fewer than it uses: accept finds none.
pid=$(status | jq .pid)
limit=$(sed -n 's/^Max open files *\([0-9]*\) .*/\1/p' "/proc/$pid/limits")
as_service prlimit --nofile=3: --pid "$pid"
begin=$(ticks "$pid")
silent 1
ok 'with no descriptor left, somebody knocks' wait_for silent_are_there
timeout 1 "$var/bin/mayfly" status --run-dir "$var/run" >"$tmp/o" 2>&1
is $? 124 'and waits for a second'
took=$(($(ticks "$pid") - begin))
ok "mayflyd does not spin ($took ticks of 100)" test "$took" -lt 20
as_service prlimit --nofile="$limit": --pid "$pid"
ok 'with descriptors again, it answers' wait_for -t 2 answers
kill "$silent"
wait "$silent"

# --- a log that nobody reads ---

# mayflyd writing into a FIFO that is full already.
mkfifo "$tmp/log" && chmod 666 "$tmp/log"
exec 7<>"$tmp/log"
head -c 65536 /dev/zero >&7
stop "$var/pid/mayflyd.pid" TERM 15
start "$var/pid/mayflyd.pid" "$tmp/log" \
    env "MAYFLY_ENV_FILE=$var/env" MAYFLY_LOG_LEVEL=debug "$var/bin/mayflyd"
ok 'with a full pipe as its log, mayflyd starts' wait_for answers
is "$(curl -s -m 5 -o "$tmp/o" -w '%{http_code}' "$url/test/nap?ms=1")" 200 \
    'a function answers'
is "$(curl -s -m 5 -o "$tmp/o" -w '%{http_code}' "$url/test/fault")" 502 \
    'one that dies, and is logged, does not stop it'
ok 'a reload is answered' "$var/bin/mayfly" reload --run-dir "$var/run"
head -c 65536 <&7 >"$tmp/zeros"
is "$(curl -s -m 5 -o "$tmp/o" -w '%{http_code}' "$url/test/outcome")" 200 \
    'somebody reads again'
kill -HUP "$(status | jq .pid)"
timeout 5 head -n 1 <&7 >"$tmp/line"
like "$(cat "$tmp/line")" '"msg":"[0-9]+ lines of the log were dropped' \
    'the next line says what is missing'
stop "$var/pid/mayflyd.pid" TERM 15
exec 7>&-

# --- files of the caller ---

# POSIX shells have no descriptor 12.
with_secret() { bash -c 'exec 12<"$0"; exec "$@"' "$tmp/secret" "$@"; }
# who_has_it: the processes that have the secret open.
who_has_it() {
	find /proc/[0-9]*/fd -lname "$tmp/secret" 2>/dev/null | cut -d / -f 3 |
	    while read -r _pid; do cat "/proc/$_pid/comm"; done | sort
}
echo secret >"$tmp/secret"
VAR=$var "$top/scripts/down" >"$tmp/o" 2>&1
ok 'scripts/up, by somebody with a file as descriptor 12' with_secret \
    env "VAR=$var" "HTTP_PORT=$port" "BUILD=$top_builddir" "$top/scripts/up"
curl -s -m 5 -o "$tmp/o" "$url/test/nap?ms=1"
is "$(who_has_it)" '' 'no daemon has it, nor a function'

stop "$var/pid/mayflyd.pid" TERM 15
rm -f "$var/run/mayflyd.sock"
# shellcheck disable=SC2016 # for that shell
as_service bash -c 'exec 12<"$0"; exec "$@"' "$tmp/secret" \
    env "MAYFLY_ENV_FILE=$var/env" "$var/bin/mayflyd" 2>"$tmp/direct.log" &
ok 'mayflyd, started with it' wait_for answers
direct=$(status | jq .pid)
kill_at_exit "$direct"
is "$(curl -s -m 5 -o "$tmp/o" -w '%{http_code}' "$url/test/nap?ms=1")" 200 \
    'a function answers'
instance=$(status | jq '.functions[] | select(.name == "nap") |
    .instances[0].pid')
ok 'it runs' test -e "/proc/$instance/fd/0"
is "$(find "/proc/$instance/fd" -lname "$tmp/secret")" '' \
    'and has nothing that mayflyd was not to have'
kill "$direct"
wait

mkdir "$tmp/described"
cat >"$tmp/described/spy" <<END
#!/bin/sh
ls -l "/proc/\$\$/fd" >$tmp/spied
exec "$tmp/fn/nap" "\$@"
END
chmod +x "$tmp/described/spy"
with_secret "$var/bin/mayfly" openapi --title x "$tmp/described" >"$tmp/o" 2>&1
ok 'a program is described' test -s "$tmp/spied"
is "$(grep -c secret "$tmp/spied")" 0 'and does not have it'
rm -rf "$tmp/described"
