#!/bin/sh
# SPDX-License-Identifier: MIT
# user-suspend keeps a user out: at once, and until he is restored.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
plan 12
keep_out() {
	go user-suspend PUT "$1" "/$2/suspension" \
	    '{"suspension":{"reason":"threats"}}'
}
login() {
	fn user-login -d '{"user":{"email":"bob@example.org",
	    "password":"correct horse"}}'
}

login
second=$(json .user.token)
keep_out "$mod" Bob
is "$status $body" '204 ' 'he is suspended'
go user-get GET "$bob" ''
is "$(refusal)" '401 token: is invalid' 'his next request is refused'
go article-favorite POST "$second" "/$slug/favorite"
is "$(refusal)" '401 token: is invalid' 'in each of his sessions'
login
is "$(refusal)" '403 account: is suspended' 'he cannot log in'
fn user-login -d '{"user":{"email":"bob@example.org","password":"wrong"}}'
is "$(refusal)" '401 credentials: invalid' 'nor ask with a wrong password'
go user-get GET "$ann" ''
is "$status" 200 'others can'
go profile-get GET '' /bob
is "$status" 200 'what he wrote stays'
is "$(sql "SELECT concat_ws(' ', action, username, reason)
    FROM moderation_log")" 'user-suspend bob threats' 'the log says why'
keep_out "$adm" bob
is "$status $(sql 'SELECT count(*) FROM moderation_log')" '204 1' \
    'again changes nothing'
keep_out "$mod" mod
is "$(refusal)" '403 profile: forbidden' 'nobody suspends himself'

# A session that begins while he is suspended waits, and is refused.
sql "UPDATE account SET suspended_at = NULL"
waiting() {
	test "$(sql "SELECT count(*) FROM pg_stat_activity WHERE datname =
	    current_database() AND wait_event_type = 'Lock'")" -ge 1
}
mkfifo "$tmp/hold"
psql_cluster -d "$database" <"$tmp/hold" >"$tmp/held" 2>&1 &
holder=$!
exec 9>"$tmp/hold"
echo "BEGIN; UPDATE account SET suspended_at = now()
    WHERE username = 'bob' RETURNING id;" >&9
wait_for grep -q . "$tmp/held"
(
	login
	refusal >"$tmp/late"
) &
late=$!
wait_for waiting
echo 'COMMIT;' >&9
exec 9>&-
wait "$late" "$holder"
is "$(cat "$tmp/late")" '401 credentials: invalid' \
    'no session slips through at the same time'

asked_by_moderator
bad_input user-suspend
