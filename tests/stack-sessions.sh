#!/bin/sh
# SPDX-License-Identifier: MIT
# Sessions through nginx: of twenty refreshes at once one wins and the session
# goes on, a killed function loses nothing, and what is ended is over at once for
# functions that already run.
. "${top_srcdir:-.}/tests/lib.sh"

# call METHOD PATH [BODY [TOKEN]]: sets $status and $body
call() {
	set -- "$1" "$2" "${3-}" "${4-}"
	status=$(curl -s -o "$tmp/body" -w '%{http_code}' -X "$1" \
	    ${4:+-H "Authorization: Bearer $4"} -H 'User-Agent: stack/1' \
	    ${3:+-H 'Content-Type: application/json' -d "$3"} "$url/api$2")
	body=$(cat "$tmp/body")
}
login() {
	call POST /sessions \
	    '{"session":{"email":"ann@example.org","password":"correct horse"}}'
	access=$(json .session.accessToken) refresh=$(json .session.refreshToken)
}

# hold ID: the row of a session is locked, until release.
hold() {
	rm -f "$tmp/hold" && mkfifo "$tmp/hold"
	psql -qXAt -h "$var/run" -U mayfly -d mayfly <"$tmp/hold" \
	    >"$tmp/held" &
	kill_at_exit $!
	exec 7>"$tmp/hold"
	echo "BEGIN; SELECT id FROM session WHERE id = $1 FOR UPDATE;" >&7
	wait_for grep -q . "$tmp/held"
}
release() {
	echo 'COMMIT;' >&7
	exec 7>&-
}
waiting() {
	test "$(stack_sql "SELECT count(*) FROM pg_stat_activity
	    WHERE wait_event_type = 'Lock'")" -gt 0
}
none_waiting() { ! waiting; }

refresh() { call POST /sessions/refresh "{\"refreshToken\":\"$1\"}"; }

stack_start
plan 23

call POST /users '{"user":{"username":"ann","email":"ann@example.org",
    "password":"correct horse"}}'
token=$(json .user.token)
is "$status" 201 'a user is registered'
call GET /user/sessions '' "$token"
is "$(json '.sessions[0] | [.current, .agent, .address] | @json')" \
    '[true,"stack/1","127.0.0.1"]' 'the session has agent and address'


# Twenty at once: none is answered before all are under way, as the row is held.
login
is "$status" 201 'a session that is refreshed'
id=$(json .session.id) spent=$refresh
hold "$id"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	curl -s -o "$tmp/race$i" -w '%{http_code}\n' \
	    -H 'Content-Type: application/json' \
	    -d "{\"refreshToken\":\"$spent\"}" "$url/api/sessions/refresh" \
	    >"$tmp/raced$i" 7>&- &
	racers="${racers-} $!"
done
# Connections of clients to nginx, of which it is told by the kernel.
under_way() {
	awk -v port="$(printf ':%04X' "$port")" '$2 ~ port "$" && $4 == "01" {
	    n++ } END { exit !(n >= 20) }' /proc/net/tcp
}
ok 'twenty requests are under way' wait_for -t 1 under_way
release
# shellcheck disable=SC2086 # a list
wait $racers
note "$(cat "$tmp"/raced* | sort | uniq -c)"
is "$(cat "$tmp"/raced* | sort | uniq -c | tr -s ' \n' ' ')" \
    ' 1 200 19 409 ' 'one of them wins'
access=$(cat "$tmp"/race? "$tmp"/race?? | grep -o '"accessToken":"[^"]*"' |
    cut -d '"' -f 4)
next=$(cat "$tmp"/race? "$tmp"/race?? | grep -o '"refreshToken":"[^"]*"' |
    cut -d '"' -f 4)
call GET /user '' "$access"
is "$status" 200 'its access token is good'
refresh "$next"
is "$status" 200 'and its refresh token'
access=$(json .session.accessToken) next=$(json .session.refreshToken)

# Reuse ends it, for functions that run already, too.
call GET /user '' "$access"
is "$status" 200 'the session goes on'
refresh "$spent"
is "$status" 401 'one that was spent is refused'
call GET /user '' "$access"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'and the session is over at once'
refresh "$next"
is "$status" 401 'with all of its tokens'

# A refresh whose function is killed has happened or not: the old token is good,
# or it was spent and the session is over, as its client has no other.
login
hold "$(json .session.id)"
curl -s -o "$tmp/killed" -w '%{http_code}' \
    -H 'Content-Type: application/json' \
    -d "{\"refreshToken\":\"$refresh\"}" "$url/api/sessions/refresh" \
    >"$tmp/status" 7>&- &
client=$!
ok 'a refresh is under way' wait_for -t 1 waiting
"$var/bin/mayfly" status -o json --run-dir "$var/run" | jq '.functions[] |
    select(.name == "session-refresh") | .instances[].pid' | xargs kill -KILL
wait "$client"
is "$(cat "$tmp/status")" 502 'its function is killed'
release
wait_for none_waiting
refresh "$refresh"
like "$status" '^(200|401)$' 'it has happened, or not'
login
refresh "$refresh"
is "$status" 200 'and nothing is to be repaired'

# What is ended is over at once.
access=$(json .session.accessToken)
call GET /user '' "$access"
is "$status" 200 'a session'
id=$(stack_sql "SELECT max(id) FROM session")
call DELETE "/user/sessions/$id" '' "$token"
is "$status" 204 'ended from elsewhere'
call GET /user '' "$access"
is "$status" 401 'is over at once'
call POST /users/login \
    '{"user":{"email":"ann@example.org","password":"correct horse"}}'
week=$(json .user.token)
call DELETE /sessions/current '' "$week"
is "$status" 204 'so is one of a week'
call GET /articles '' "$week"
is "$status" 401 'for all routes'

# DELETE has a body here.
call DELETE /user '{"user":{"password":"wrong horse"}}' "$token"
is "$status $body" '422 {"errors":{"password":["is wrong"]}}' \
    'a DELETE has a body'
call DELETE /user '{"user":{"password":"correct horse"}}' "$token"
is "$status" 204 'and deletes'
call GET /user '' "$token"
is "$status" 401 'an account with its sessions'
