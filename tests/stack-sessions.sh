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
refresh() { call POST /sessions/refresh "{\"refreshToken\":\"$1\"}"; }

stack_start
plan 21

call POST /users '{"user":{"username":"ann","email":"ann@example.org",
    "password":"correct horse"}}'
token=$(json .user.token)
is "$status" 201 'a user is registered'
call GET /user/sessions '' "$token"
is "$(json '.sessions[0] | [.current, .agent, .address] | @json')" \
    '[true,"stack/1","127.0.0.1"]' 'the session has agent and address'

login
is "$status" 201 'a session that is refreshed'
seq 20 | xargs -P 20 -I @ curl -s -o "$tmp/race@" -w '%{http_code}\n' \
    -H 'Content-Type: application/json' -d "{\"refreshToken\":\"$refresh\"}" \
    "$url/api/sessions/refresh" >"$tmp/statuses"
is "$(grep -c 200 "$tmp/statuses")" 1 'of twenty at once one wins'
spent=$refresh
access=$(cat "$tmp"/race* | grep -o '"accessToken":"[^"]*"' | cut -d '"' -f 4)
refresh=$(cat "$tmp"/race* | grep -o '"refreshToken":"[^"]*"' |
    cut -d '"' -f 4)
note "$(sort "$tmp/statuses" | uniq -c)"
# Those that were sent after the answer would end the session, and curl's start
# one after the other: the ones below are all under way before the first ends.
login
spent=$refresh
stack_sql 'CREATE TABLE test_lock (); GRANT SELECT ON test_lock TO PUBLIC' \
    >"$tmp/ok"
