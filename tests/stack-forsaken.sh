#!/bin/sh
# SPDX-License-Identifier: MIT
# No work for nobody: logins that are given up while they wait are not run, and
# keep nobody out.  The database is held until all have given up, so that what
# is run does not depend on how fast anything is.
# LOGINS=800 sh tests/stack-forsaken.sh is the long form.
. "${top_srcdir:-.}/tests/lib.sh"

logins=${LOGINS:-200}

# login [OPTION]...: ann's; several when the URL says so.
login() {
	curl -s -o "$tmp/body" -w '%{http_code}\n' \
	    -H 'Content-Type: application/json' \
	    -d '{"user":{"email":"ann@example.org","password":"correct horse"}}' \
	    "$@"
}
counted() {
	"$var/bin/mayfly" status -o json --run-dir "$var/run" |
	    jq ".functions[] | select(.name == \"user-login\") | $1"
}
# run: how many got as far as the handler.
run() { counted '([.requests[]] | add) - .dropped'; }
given_up() {
	test "$(jq -r .status "$var/log/access.log" | grep -cx 499)" \
	    -ge "$logins"
}
all_counted() { test "$(counted '[.requests[]] | add')" -ge "$1"; }
held() {
	test "$(stack_sql "SELECT count(*) FROM pg_locks
	    WHERE mode = 'AccessExclusiveLock' AND granted
		AND relation = 'account'::regclass")" = 1
}

stack_start
plan 8
curl -s -o "$tmp/body" -H 'Content-Type: application/json' -d '{"user":{
    "username":"ann","email":"ann@example.org","password":"correct horse"}}' \
    "$url/api/users"
before=$(run) # the deploy has tried it
is "$(login "$url/api/users/login")" 200 'a login'
is "$(run) $(counted .dropped)" "$((before + 1)) 0" 'it is run'

mkfifo "$tmp/hold"
psql -qXAt -h "$var/run" -U mayfly -d mayfly <"$tmp/hold" >"$tmp/psql" 2>&1 &
kill_at_exit "$!"
exec 9>"$tmp/hold"
echo 'BEGIN; LOCK TABLE account;' >&9
ok 'the database is held' wait_for held
is "$(login -m 0.5 -Z --parallel-immediate --parallel-max "$logins" \
    "$url/api/users/login#[1-$logins]" 2>"$tmp/meter" | sort | uniq -c | sed 's/^ *//')" \
    "$logins 000" "$logins logins are given up after half a second"
ok 'nginx has seen them go' wait_for -t 4 given_up
exec 9>&-

is "$(login -m 10 "$url/api/users/login")" 200 'who logs in then is answered'
ok 'all are counted' wait_for all_counted $((before + logins + 2))
cores=$(getconf _NPROCESSORS_ONLN)
note "$(counted .dropped) were dropped"
ok "and none was run but what instances had begun: at most $cores" \
    test "$(run)" -le $((before + 2 + cores))
