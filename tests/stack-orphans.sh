#!/bin/sh
# SPDX-License-Identifier: MIT
# What a function forks ends with its instance, however that ends: killed at the
# deadline, crashed, killed by somebody, retired, or stopped with mayflyd; also
# what has left its process group, and blocks every signal.
. "${top_srcdir:-.}/tests/lib.sh"

# Those of this stack; one that is dead has no exe.
brood() {
	find /proc -maxdepth 2 -name exe -lname "$var/store/*/brood" \
	    2>"$tmp/gone" | while read -r _exe; do
		grep -lx brood-child "${_exe%exe}comm" 2>"$tmp/gone"
	done | wc -l
}
bred() { test "$(brood)" -ge "$1"; }
none() { test "$(brood)" = 0; }
answered() { grep -c 'brood: [0-9]* answers' "$var/log/mayflyd.log"; }
get() { curl -s -m 5 -o "$tmp/body" -w '%{http_code}' "$url/test/brood?$1"; }
of() {
	"$var/bin/mayfly" status -o json --run-dir "$var/run" |
	    jq -r ".functions[] | select(.name == \"brood\") | $1"
}

stack_start -f "$top_builddir/tests/fn" MAYFLY_IDLE_MS=1500
plan 20
is "$(brood)" 0 'nobody is there yet'

is "$(get then=answer)" 200 'it answers'
ok 'and has two descendants' wait_for -t 2 bred 2
pid=$(of '.instances[0].pid')
kill -9 "$pid"
ok 'it is killed: none is left' wait_for -t 5 none
is "$(get then=answer)" 200 'the next instance answers'
ok 'with descendants of its own' wait_for -t 2 bred 2
ok 'it retires: none is left' wait_for -t 7 none
is "$(of '.instances | length')" 0 'nor an instance'
mayflyd=$("$var/bin/mayfly" status -o json --run-dir "$var/run" | jq .pid)
children() { test "$(wc -w <"/proc/$mayflyd/task/$mayflyd/children")" = "$1"; }
ok 'mayflyd has no child left, dead or alive' wait_for -t 2 children 0
is "$(of .crashes)" 0 'that was no crash'
get then=hang >"$tmp/code" &
hanging=$!
ok 'it hangs, with descendants' wait_for -t 2 bred 2
wait "$hanging"
like "$(cat "$tmp/code")" '^50[234]$' 'it has not answered'
ok 'it is killed at its deadline: none is left' wait_for -t 5 none
is "$(answered)" 0 'none of them ever answered'
# nginx asks again at once: that may come before mayflyd knows of the crash.
like "$(get then=crash)" '^50[023]$' 'it crashes'
ok 'none is left' wait_for -t 5 none
ok 'and is tried again' wait_for sh -c "curl -sf '$url/test/brood' >'$tmp/body'"
ok 'with descendants, again' wait_for -t 2 bred 2
stop "$var/pid/mayflyd.pid" TERM 15
ok 'mayflyd stops: none is left' none
stack_up >"$tmp/up.log" 2>&1
is "$(get then=answer)" 200 'and the function serves on'
