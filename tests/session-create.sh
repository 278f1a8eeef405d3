#!/bin/sh
# SPDX-License-Identifier: MIT
# session-create begins a session for the right password, says no more than that
# of a wrong one, and stores no secret.
. "${top_srcdir:-.}/tests/lib.sh"

# login EMAIL PASSWORD [OPTION...]: of fn
login() {
	_given=$(jq -cn --arg e "$1" --arg p "$2" \
	    '{session: {email: $e, password: $p}}')
	shift 2
	fn session-create -d "$_given" "$@"
}

refused() {
	is "$status $body" '401 {"errors":{"credentials":["invalid"]}}' "$1"
}

db_start
new_user ann >"$tmp/token"
new_user bob >"$tmp/token"
plan 23

login ann@example.org 'correct horse'
is "$status $code" '201 0' 'the right password'
is "$(json '.session | keys_unsorted | join(" ")')" \
    'id accessToken refreshToken expiresIn user' 'a session has these members'
is "$(json '.session.user | del(.token) | tojson')" \
    '{"username":"ann","email":"ann@example.org","bio":null,"image":null}' \
    'with its user'
is "$(json '.session | .user.token == .accessToken')" true \
    'whose token is the access token'
like "$headers" '^Cache-Control: no-store$' 'which nobody keeps'
is "$(json .session.expiresIn)" 900 'which lasts a quarter of an hour'
like "$(json .session.refreshToken)" '^[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$' \
    'a refresh token is twice 256 bits'
refresh=$(json .session.refreshToken)
id=$(json .session.id)
access=$(json .session.accessToken)
claims=$(echo "$access" | cut -d . -f 2 | tr -- '-_' '+/')
while test $((${#claims} % 4)) -ne 0; do
	claims=$claims=
done
is "$(echo "$claims" | base64 -d | jq '.exp - .iat')" 900 'as it says itself'
fn user-get -t "$access"
is "$status $(json .user.username)" '200 ann' 'the access token holds'
is "$(sql "SELECT extract(epoch FROM expires_at - created_at)::int
    FROM session WHERE id = $id")" 2592000 'the session a month'
is "$(psql_cluster -d "$database" -c "SELECT count(*) FROM session
    WHERE session::text LIKE '%' || split_part('$refresh', '.', 2) || '%'")" 0 \
    'its secret is not stored'
is "$(sql "SELECT octet_length(family), octet_length(refresh) FROM session
    WHERE id = $id")" '32|32' 'but hashes'

login ann@example.org 'correct horse' -e 'HTTP_USER_AGENT=Browser/1 (a; b)'
is "$(sql "SELECT agent FROM session WHERE id = $(json .session.id)")" \
    'Browser/1 (a; b)' 'by whom'
login ann@example.org 'correct horse' -e "HTTP_USER_AGENT=$(repeat 1000 x)"
is "$status $(sql "SELECT length(agent) FROM session
    WHERE id = $(json .session.id)")" '201 255' 'of a long name the beginning'
login ann@example.org 'correct horse' -e REMOTE_ADDR=2001:db8::7
is "$(sql "SELECT address FROM session WHERE id = $(json .session.id)")" \
    '2001:db8::7' 'and from where'
login ann@example.org 'correct horse' -e REMOTE_ADDR=unix:
is "$status $(sql "SELECT address IS NULL FROM session
    WHERE id = $(json .session.id)")" '201 t' 'if anybody knows'

login ann@example.org 'wrong horse'
refused 'a wrong password'
login nobody@example.org 'correct horse'
refused 'an unknown email: the same answer'

sql "UPDATE account SET suspended_at = now() WHERE username = 'bob'"
login bob@example.org 'wrong horse'
refused 'a wrong password of a suspended account'
login bob@example.org 'correct horse'
is "$status $body" '403 {"errors":{"account":["is suspended"]}}' \
    'the right one of it'

# What is over is swept by whoever begins a session, eight at a time.
sql "INSERT INTO session (account_id, expires_at, ended_at)
    SELECT 1, now() - n * interval '1 s', NULL FROM generate_series(1, 6) n
    UNION ALL SELECT 1, now() + interval '1 d', now() - interval '1 s'
    FROM generate_series(1, 6)"
over="SELECT count(*) FROM session WHERE least(expires_at, ended_at) < now()"
login ann@example.org 'correct horse'
is "$status $(sql "$over")" '201 4' 'sessions that are over are swept'
one_url 'host=/nonexistent'
login ann@example.org 'correct horse'
is "$status" 503 'no database: 503'

one_url ''
bad_input session-create
