#!/bin/sh
# SPDX-License-Identifier: MIT
# mayflyd killed, replaced in place, and killed with everything else, and nginx
# reloaded, under reads and writes: no request fails for what mayflyd or a
# reload does, nothing that was acknowledged is missing, and nothing is left.
# KILLS=20 UPGRADES=20 ALL=10 RELOADS=50 sh tests/stack-away.sh is the long form.
. "${top_srcdir:-.}/tests/lib.sh"

kills=${KILLS:-4} upgrades=${UPGRADES:-4} all=${ALL:-2} reloads=${RELOADS:-6}
_from=''

status() { "$var/bin/mayfly" status -o json --run-dir "$var/run" 2>"$tmp/gone"; }
mayflyd() { status | jq .pid; }
# Another answers.
replaced() { _pid=$(mayflyd) && test -n "$_pid" && test "$_pid" != "$1"; }

# answered N: so many more than when this was first asked since the last fault.
answered() {
	_served=$(status | jq '[.functions[].served] | add') || return 1
	: "${_from:=$_served}"
	test "$((_served - _from))" -ge "$1" && _from=''
}
more_codes() { test "$(wc -l <"$tmp/codes")" -ge "$1"; }

# load_begin, load_end: sets $gets, $posts (how many failed) and $done.
load_begin() {
	"$top_builddir/tests/burst" -p "$port" -c 8 -n 10000000 -s 60 -w 20 \
	    -t "$token" -a "$tmp/acknowledged.$1" /api/articles \
	    >"$tmp/result" 2>"$tmp/failures" &
	load=$!
	kill_at_exit "$load"
}
load_end() {
	kill "$load"
	wait "$load"
	note "$(cat "$tmp/result")"
	gets=$(awk '{ print $4 }' "$tmp/result")
	posts=$(awk '{ print $8 }' "$tmp/result")
	done=$(awk '{ print $2 + $6 }' "$tmp/result")
}
# What was acknowledged and is not stored.
missing() {
	stack_sql 'SELECT title FROM article' | LC_ALL=C sort >"$tmp/stored"
	cat "$tmp"/acknowledged.* | LC_ALL=C sort |
	    LC_ALL=C comm -23 - "$tmp/stored" | wc -l
}
# Instances that are not of the mayflyd of now.
strays() {
	status | jq '.functions[].releases[].instances[].pid' |
	    LC_ALL=C sort >"$tmp/known"
	find /proc -maxdepth 2 -name exe -lname "$var/store/*" \
	    2>"$tmp/gone" | cut -d / -f 3 | LC_ALL=C sort |
	    LC_ALL=C comm -23 - "$tmp/known" | wc -l
}
no_strays() { test "$(strays)" = 0; }

stack_start
plan 15
token=$(curl -s "$url/api/users" -H 'Content-Type: application/json' \
    -d '{"user":{"username":"ann","email":"a@example.org",
    "password":"correct horse"}}' | jq -r .user.token)

# --- mayflyd is killed ------------------------------------------------------

load_begin kills
n=0 bad=0
while test "$n" -lt "$kills"; do
	pid=$(mayflyd)
	kill -9 "$pid"
	wait_for replaced "$pid" || bad=$((bad + 1))
	wait_for answered 50 || bad=$((bad + 1))
	n=$((n + 1))
done
load_end
is "$bad" 0 "mayflyd is killed $kills times, and there is another each time"
is "$gets $posts" '0 0' 'no request fails'
ok 'there were many' test "$done" -ge 100
ok 'what it left has gone' wait_for -t 5 no_strays
is "$(status | jq '[.functions[] | select(.name == "article-list") |
    .served >= 100] | all')" true 'and the counters are those of before'

# --- another is executed in its place ---------------------------------------

load_begin upgrades
pid=$(mayflyd) n=0 bad=0
while test "$n" -lt "$upgrades"; do
	"$var/bin/mayfly" upgrade --run-dir "$var/run" >"$tmp/upgrade" 2>&1 || {
		bad=$((bad + 1))
		note "$(cat "$tmp/upgrade")"
	}
	n=$((n + 1))
done
load_end
is "$bad $(mayflyd)" "0 $pid" "$upgrades upgrades in place: the process stays"
is "$gets $posts" '0 0' 'no request fails'
ok 'no instance is a stray' wait_for -t 5 no_strays

# --- nginx is reloaded ------------------------------------------------------

: >"$tmp/codes"
touch "$tmp/go"
for client in 1 2 3 4; do
	while test -e "$tmp/go"; do
		curl -s -m 10 -o "$tmp/o$client" -w '%{http_code}\n' \
		    "$url/api/articles" >>"$tmp/codes"
	done &
	clients="${clients-} $!"
done
n=0
while test "$n" -lt "$reloads"; do
	kill -HUP "$(cat "$var/run/nginx.pid")"
	_lines=$(wc -l <"$tmp/codes")
	wait_for more_codes $((_lines + 5))
	n=$((n + 1))
done
rm "$tmp/go"
# shellcheck disable=SC2086 # a list
wait $clients
note "$(wc -l <"$tmp/codes") answers"
is "$(sort -u "$tmp/codes")" 200 "$reloads reloads: no new connection fails"

# --- all of it at once ------------------------------------------------------

# Every process of the stack.
everything() {
	{
		find /proc -maxdepth 2 -name exe -lname "$var/*" \
		    2>"$tmp/gone" | cut -d / -f 3
		for _daemon in nginx mayflyd pgbouncer postgres; do
			read -r _pid _ <"$var/pid/$_daemon.pid" && echo "$_pid"
		done
	} | sort -u
}
n=0 bad=0
while test "$n" -lt "$all"; do
	load_begin "all$n"
	wait_for answered 50 || bad=$((bad + 1))
	# shellcheck disable=SC2046 # a list
	kill -9 $(everything) 2>"$tmp/gone"
	wait "$load" 2>"$tmp/gone"
	stack_up >"$tmp/up.log" 2>&1 || bad=$((bad + 1))
	test "$(curl -s -o "$tmp/o" -w '%{http_code}' "$url/api/articles")" = \
	    200 || bad=$((bad + 1))
	n=$((n + 1))
done
is "$bad" 0 "everything is killed $all times, and scripts/up brings it back"
is "$(missing)" 0 'no acknowledged write is missing'
ok 'there were many' test "$(cat "$tmp"/acknowledged.* | wc -l)" -ge 50
ok 'nothing of before is left' wait_for -t 5 no_strays
is "$(find "$var/run/blog" -name '*@*~' | wc -l)" 0 'no socket is half made'
ok 'nor more folders of links than those of now and before' test \
    "$(find "$var/run/blog" -maxdepth 1 -name 'fn.*' | wc -l)" -le 2
