#!/bin/sh
# SPDX-License-Identifier: MIT
# mayfly-hold: what its program has stored outlives it; runtime/fdstore is the
# other side of it, in tests/kept.c.
. "${top_srcdir:-.}/tests/lib.sh"

hold=$top_builddir/mayfly-hold
kept=$top_builddir/tests/kept
socket=$tmp/socket
log=$tmp/hold.log
holder=''

# start [CMD...]: under the holder; by default what listens on $socket.
start() {
	test $# -gt 0 || set -- "$kept" serve "$socket"
	: >"$log"
	rm -f "$socket"
	"$hold" "$@" 2>"$log" &
	holder=$!
	kill_at_exit "$holder"
}
ready() { grep -q 'is ready' "$log"; }
start_ready() { start "$@" && wait_for ready; }
ask() { "$kept" ask "$socket" "$@"; }
gone() { ! kill -0 "$1" 2>/dev/null; }
# The program's process, and how often it was started.
pid() { ask ping | cut -d' ' -f2; }
starts() { ask ping | cut -d' ' -f3; }
# The number of what was handed to it, and the names.
given() { ask given; }
# It has ended, and waits to be asked how.
dead() { test -z "$(ps -o stat= -p "$1" | grep -v '^Z')"; }
# Sets $code to how the holder ends.
await_holder() {
	wait_for dead "$holder" || kill -s KILL "$holder"
	wait "$holder" 2>/dev/null
	code=$?
}
# stop_holder [SIGNAL]: ends it by it.
stop_holder() {
	kill -s "${1:-TERM}" "$holder"
	await_holder
}
deaths() { grep -c '\] \(died\|exited\)' "$log"; }
died() { test "$(deaths)" -ge "$1"; }
kill_program() {
	_pid=$(pid)
	kill -KILL "$_pid" && wait_for gone "$_pid"
}
# A child of PID that has ended, and that nobody has reaped.
zombies() { pgrep -r Z -P "$1" | wc -l; }

plan 56

# --- it stays ---------------------------------------------------------------

start_ready
"$kept" load "$socket" "$tmp/enough" >"$tmp/load" &
load=$!
kill_at_exit "$load"
i=0
while test "$i" -lt 20; do
	sleep 1 # who lives for a second is started again at once
	kill_program
	i=$((i + 1))
done
is "$(pid >/dev/null && deaths)" 20 'the program is killed 20 times'
: >"$tmp/enough"
wait "$load"
read -r answered cut refused <"$tmp/load"
note "$answered answered, $cut cut off, $refused refused"
is "$refused" 0 'no connection is refused meanwhile'
ok 'those that wait are answered' test "$answered" -gt 100
ok 'only what was under way is cut off' test "$cut" -le 20
is "$(starts)" E 'a memfd keeps what is in it' # 0 and 21
is "$(given)" '2: door page' 'each is stored once'
is "$(ask numbers)" 'high closed' 'they do not meet the numbers of instances'
is "$(ask environment)" . 'their variables are taken from the environment'

# --- names ------------------------------------------------------------------

ask keep one >/dev/null
ask again >/dev/null
sleep 1
kill_program
is "$(given)" '3: door one page' 'what is stored again is stored once'
ask forget one >/dev/null
kill_program
is "$(given)" '2: door page' 'what is removed is gone'
ask keep one >/dev/null
ask keep two >/dev/null
ask forget one >/dev/null
kill_program
is "$(given)" '3: door page two' 'and the others are not'
is "$(starts)" H 'each name has its own'
is "$(ask keep a:b)" 'not kept' 'a name that the list cannot carry is refused'

# --- strangers --------------------------------------------------------------

ask child page >/dev/null
"$kept" claim "$(ask socket)" page
kill_program
is "$(given)" '3: door page two' 'what others say does not count'

# --- in place ---------------------------------------------------------------

before=$(pid)
is "$(ask exec "$tmp/nothing")" 'No such file or directory, as before' \
    'a program that is not there is not executed'
is "$(pid)" "$before" 'and it goes on'
ask exec "$kept" >/dev/null
is "$(pid) $(starts)" "$before J" 'one that is there takes its place'
is "$(given)" '0: door only-here page' 'with what was handed on'
is "$(ask keep three)" kept 'and has the keeper'
kill_program
is "$(given)" '4: door page three two' 'who has what it had, and that'

# --- the holder does not read -----------------------------------------------

kill -s STOP "$holder"
is "$(ask many 1000)" 'kept 1000' 'a keeper that does not read keeps nobody'
is "$(ask sent)" waits 'what it is told waits'
ask back back >/dev/null
kill -s CONT "$holder"
sent() { test "$(ask sent)" = sent; }
ok 'and comes when it reads' wait_for sent
kill_program
is "$(given | tr ' ' '\n' | wc -l)" 1005 'all of it'
is "$(given | grep -c back) $(grep -c 'Bad file descriptor' "$log")" '0 0' \
    'but for what was taken back'

# --- full -------------------------------------------------------------------

if test "$(ulimit -H -n)" = unlimited || test "$(ulimit -H -n)" -ge 10000; then
	ask many 5000 >/dev/null
	wait_for -t 30 sent
	kill_program
	is "$(given | cut -d: -f1)" 4096 'a full store takes no more'
	is "$(given | tr ' ' '\n' | grep -cE '^(door|page|two)$')" 3 \
	    'and has what it had'
	is "$(grep -c 'is not kept: 4096 descriptors' "$log")" 1 'it says so'
else
	for i in 1 2 3; do
		ok 'a full store # SKIP too few descriptors are allowed' true
	done
fi

# --- the end ----------------------------------------------------------------

program=$(pid)
stop_holder
is "$code" 143 'TERM: it ends as its program does'
ok 'which has ended' gone "$program"
like "$(ask ping)" refused 'and what was stored is closed'

start_ready
program=$(pid)
orphan=$(ask orphan 100)
kill_program
is "$(ps -o ppid= -p "$orphan" | tr -d ' ')" "$holder" \
    'what a program leaves behind is a child of the holder, and goes on'
kill_at_exit "$orphan"
short=$(ask orphan 0)
kill_program
wait_for gone "$short"
is "$(zombies "$holder")" 0 'one that ends is reaped'
begin=$(date +%s)
stop_holder
ok 'at the end of all it is killed' gone "$orphan"
ok 'soon' test $(($(date +%s) - begin)) -le 5

start_ready
program=$(pid)
kill -s HUP "$holder"
wait_for died 1
like "$(cat "$log")" 'kept\[[0-9]*\] died of signal 1 ' 'HUP is passed on'
ok 'and ends nothing' ask ping
ask quit 5 >/dev/null
wait_for died 2
like "$(cat "$log")" 'kept\[[0-9]*\] exited with 5' 'an exit is told'
ok 'and it is started again' ask ping
ask quit 0 >/dev/null
await_holder
is "$code" 0 'a program that ends by itself ends it'

start_ready
program=$(pid)
kill_at_exit "$program"
stop_holder KILL
ok 'killed, it takes its program along' wait_for gone "$program"

start_ready
stop_holder INT
is "$code" 130 'INT: the same'

# --- who cannot start -------------------------------------------------------

start "$kept" die 3 "$tmp"
await_holder
is "$code $(deaths)" '3 1' 'a program that says at its first start that it cannot'
rm "$tmp/died"
start_ready "$kept" die - "$tmp"
is "$(deaths)" 1 'one that is killed then is started again'
stop_holder
start "$tmp/nothing"
await_holder
is "$code" 111 'one that is not there'
like "$(cat "$log")" 'nothing cannot be executed: No such file' 'and why'
"$hold" 2>"$log"
is "$?" 100 'none at all'

# shellcheck disable=SC2016 # its own number
start sh -c 'kill -KILL $$'
ok 'one that always dies is started again' wait_for died 5
n=$(deaths)
sleep 1
ok 'less and less often' test $(($(deaths) - n)) -le 2
stop_holder
is "$code" 0 'and in the pause it can be ended'

# --- descriptors of the caller ----------------------------------------------

MAYFLY_INHERIT=99 LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=a
export MAYFLY_INHERIT LISTEN_PID LISTEN_FDS LISTEN_FDNAMES
start_ready
unset MAYFLY_INHERIT LISTEN_PID LISTEN_FDS LISTEN_FDNAMES
is "$(given)" '0:' 'what its caller was told is not passed on'
stop_holder
# shellcheck disable=SC2016 # the program's own
"$hold" sh -c 'readlink /proc/$$/fd/7' >"$tmp/fds" 7</etc/hostname 2>"$log"
is "$(cat "$tmp/fds")" '' 'descriptors of the caller: not passed on'
"$kept" serve "$socket" 7</etc/hostname 5<"$top/README.md" 2>"$log" &
alone=$!
kill_at_exit "$alone"
wait_for ask ping >/dev/null
is "$(ask strange)" . 'nor kept by who has no holder'
is "$(ask keep one) $(ask keep two) $(grep -c 'nobody keeps' "$log")" \
    'not kept not kept 1' 'which is told that nobody keeps anything, once'
is "$(LISTEN_PID=1 LISTEN_FDS=2 LISTEN_FDNAMES=a:b "$kept" serve "$tmp/other" \
    3</dev/null 4</dev/null 2>/dev/null & kill_at_exit $!
    wait_for "$kept" ask "$tmp/other" ping >/dev/null
    "$kept" ask "$tmp/other" given; kill $!)" '2:' \
    'what was meant for another process is not taken'

# --- a unit of systemd ------------------------------------------------------

# What it says of executables and manual pages that are not installed here is
# not meant.
if command -v systemd-analyze >/dev/null; then
	sed -e "s|@sbindir@/mayflyd|$top_builddir/mayflyd|" \
	    -e "s|@sysconfdir@|/etc|" "$top/runtime/mayflyd.service.in" \
	    >"$tmp/mayflyd.service"
	is "$(systemd-analyze --man=no verify "$tmp/mayflyd.service" 2>&1)" '' \
	    'the unit is one that systemd takes'
else
	ok 'the unit # SKIP there is no systemd-analyze' true
fi
