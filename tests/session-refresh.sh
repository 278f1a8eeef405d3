#!/bin/sh
# SPDX-License-Identifier: MIT
# session-refresh gives new tokens for the one refresh token that is good, and
# ends the session of one that was spent.  Of two at once one wins.
. "${top_srcdir:-.}/tests/lib.sh"

login() {
	fn session-create \
	    -d '{"session":{"email":"ann@example.org","password":"correct horse"}}'
	id=$(json .session.id) token=$(json .session.refreshToken)
	access=$(json .session.accessToken)
}
refresh() { fn session-refresh -d "{\"refreshToken\":\"$1\"}"; }
refused() {
	is "$status $body" \
	    '401 {"errors":{"refreshToken":["is invalid or has expired"]}}' "$1"
}
over() {
	sql "SELECT ended_at IS NOT NULL FROM session WHERE id = $id"
}

db_start
new_user ann >"$tmp/token"
plan 30

login
first=$token
refresh "$first"
is "$status $code $(json .session.id)" "200 0 $id" 'the next of the session'
is "$(json '.session | [.expiresIn, .user.username] | @json')" '[900,"ann"]' \
    'with its user'
second=$(json .session.refreshToken)
is "$(test "$second" = "$first" && echo same)" '' 'is another token'
is "${second%.*}" "${first%.*}" 'of the same family'
fn user-get -t "$(json .session.accessToken)"
is "$status" 200 'the new access token holds'
fn user-get -t "$access"
is "$status" 200 'and the old one until it expires'
refresh "$second"
is "$status" 200 'the new refresh token is good'
third=$(json .session.refreshToken) access=$(json .session.accessToken)

refresh "$first"
refused 'one that was spent is refused, however old'
is "$(over)" t 'and its session ends'
refresh "$third"
refused 'with the one that was good'
fn user-get -t "$access"
is "$status" 401 'and the access token'
is "$(wc -c <"$tmp/log")" 0 'nothing of it is logged'

login
refresh "$token"
refresh "$token"
refused 'the last one spent is no better'
is "$(over)" t 'the session ends'

login
refresh "${token%.*}.x"
refused 'a family with any secret was spent or is made up'
is "$(over)" t 'that ends the session, too: nobody else knows the family'
login
for bad in x . .. "${token#*.}" "x.${token#*.}" ".$token" "x$token"; do
	refresh "$bad"
	echo "$status"
done >"$tmp/statuses"
is "$(sort -u "$tmp/statuses") $(over)" '401 f' \
    'what names no family is refused, and harms nobody'

# Sent before it was spent, and served later: it lost a race.  The web server
# says when it was sent.
login
sent=$(date +%s.%3N)
refresh "$token"
next=$(json .session.refreshToken)
fn session-refresh -d "{\"refreshToken\":\"$token\"}" -e "MAYFLY_SENT_AT=$sent"
is "$status $body" \
    '409 {"errors":{"refreshToken":["has just been used by another request"]}}' \
    'a request that was under way already goes without'
refresh "$next"
is "$status" 200 'and the session goes on'
fn session-refresh -d "{\"refreshToken\":\"$token\"}" \
    -e "MAYFLY_SENT_AT=$(($(date +%s) - 3600)).000"
refused 'but an hour old is no request'
is "$(over)" t 'it was spent'

# All at once: one wins, and none of the others ends the session.
login
printf '{"refreshToken":"%s"}' "$token" >"$tmp/in"
racers='' sent=$(date +%s.%3N)
for i in 1 2 3 4 5 6; do
	env -i MAYFLY_TOKEN_SECRET="$secret" REQUEST_METHOD=POST \
	    DATABASE_ACCOUNT_URL="$DATABASE_ACCOUNT_URL" \
	    MAYFLY_SENT_AT="$sent" \
	    "$top_builddir/cgi-bin/session-refresh" <"$tmp/in" \
	    >"$tmp/racer$i" 2>&1 &
	racers="$racers $!"
done
for racer in $racers; do wait "$racer"; done
is "$(sed -n 's/^Status: \([0-9]*\).*/\1/p' "$tmp"/racer? | sort | uniq -c |
    tr -s ' \n' ' ')" ' 1 200 5 409 ' 'of six at once one wins'
next=$(cat "$tmp"/racer? | grep -o '"refreshToken":"[^"]*\.[^"]*"' |
    cut -d '"' -f 4)
refresh "$next"
is "$status" 200 'and goes on'

login
sql "UPDATE account SET suspended_at = now()"
refresh "$token"
is "$status" 401 'the sessions of a suspended account have ended'
sql "UPDATE account SET suspended_at = NULL"
refresh "$token"
is "$status" 401 'and stay so'
login
sql "UPDATE session SET created_at = now() - interval '364 days 23 hours'
    WHERE id = $id"
refresh "$token"
is "$(sql "SELECT round(extract(epoch FROM expires_at - now()) / 600)
    FROM session WHERE id = $id")" 6 'a session lasts a year in all'
token=$(json .session.refreshToken)
sql "UPDATE session SET expires_at = now() WHERE id = $id"
refresh "$token"
refused 'one that is over'
sql "DELETE FROM account"
refresh "$token"
refused 'one of an account that is gone'
one_url 'host=/nonexistent'
refresh "$token"
is "$status" 503 'no database: 503'

one_url ''
bad_input session-refresh
