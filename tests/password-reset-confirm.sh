#!/bin/sh
# SPDX-License-Identifier: MIT
# password-reset-confirm takes a token of a mail once, in time, and ends all
# sessions.
. "${top_srcdir:-.}/tests/lib.sh"

# ask: $token is what the mail says
ask() {
	fn password-reset-create -d '{"email":"ann@example.org"}'
	token=$(sql "SELECT payload->>'token' FROM outbox
	    WHERE kind = 'reset-password' ORDER BY id DESC LIMIT 1")
}
confirm() {
	fn password-reset-confirm -d "$(jq -cn --arg t "$1" --arg p "$2" \
	    '{token: $t, password: $p}')"
}
refused() {
	is "$status $body" \
	    '422 {"errors":{"token":["is invalid or has expired"]}}' "$1"
}
login() {
	fn user-login -d "$(jq -cn --arg p "$1" \
	    '{user: {email: "ann@example.org", password: $p}}')"
}

db_start
ann=$(new_user ann)
mail=$(sql "SELECT payload->>'token' FROM outbox")
bob=$(new_user bob)
plan 22

ask
confirm x 'better horse'
refused 'a token that is none'
confirm "$mail" 'better horse'
refused 'one for something else'
confirm "$token" short
is "$status $body" \
    '422 {"errors":{"password":["is too short (minimum is 8 bytes)"]}}' \
    'a password that is too short'
fn user-get -t "$ann"
is "$status" 200 'changes nothing'
confirm "$token" 'better horse'
is "$status$body" 204 'the right token, which is still good'
fn user-get -t "$ann"
is "$status" 401 'all sessions have ended'
fn user-get -t "$bob"
is "$status" 200 'but for those of others'
login 'correct horse'
is "$status" 401 'the old password is no good'
login 'better horse'
is "$status" 200 'the new one is'
is "$(sql "SELECT recipient, payload FROM outbox
    WHERE kind = 'password-changed'")" 'ann@example.org|{"username": "ann"}' \
    'a mail says so'
is "$(sql "SELECT email_verified_at IS NOT NULL FROM account
    WHERE username = 'ann'")" t 'who has read the mail has the address'
confirm "$token" 'worse horse'
refused 'a token is good once'

# Two at once: one.
ask
printf '{"token":"%s","password":"twin horse"}' "$token" >"$tmp/in"
twins=''
for i in 1 2 3; do
	env -i MAYFLY_TOKEN_SECRET="$secret" REQUEST_METHOD=POST \
	    DATABASE_ACCOUNT_URL="$DATABASE_ACCOUNT_URL" \
	    "$top_builddir/cgi-bin/password-reset-confirm" <"$tmp/in" \
	    >"$tmp/twin$i" 2>&1 &
	twins="$twins $!"
done
for twin in $twins; do wait "$twin"; done
is "$(sed -n 's/^Status: \([0-9]*\).*/\1/p' "$tmp"/twin? | sort | tr '\n' ' ')" \
    '204 422 422 ' 'also of three at once'

ask
sql "UPDATE mail_token SET expires_at = now()"
confirm "$token" 'worse horse'
refused 'in time'
ask
sql "UPDATE account SET email = 'else@example.org' WHERE username = 'ann'"
confirm "$token" 'worse horse'
refused 'for the address that it went to'
sql "UPDATE account SET email = 'ann@example.org' WHERE username = 'ann'"
fn user-login -d '{"user":{"email":"ann@example.org","password":"twin horse"}}'
fn user-update -t "$(json .user.token)" -m PUT \
    -d '{"user":{"email":"ann@example.com"}}'
is "$status $(sql "SELECT count(*) FROM mail_token
    WHERE kind = 'reset-password'")" '200 0' 'another address leaves none behind'
sql "UPDATE account SET email = 'ann@example.org' WHERE username = 'ann'"
ask
sql "UPDATE account SET suspended_at = now() WHERE username = 'ann'"
confirm "$token" 'worse horse'
is "$status $body" '403 {"errors":{"account":["is suspended"]}}' \
    'a suspended account'
sql "UPDATE account SET suspended_at = NULL"
login 'worse horse'
is "$status" 401 'keeps its password'
confirm "$token" 'worse horse'
is "$status" 204 'and the token'
fn password-reset-confirm -d '{}'
is "$status $(json '.errors | keys | join(" ")')" '422 password token' \
    'nothing at all'
one_url 'host=/nonexistent'
confirm "$token" 'worse horse'
is "$status" 503 'no database: 503'

one_url ''
bad_input password-reset-confirm
