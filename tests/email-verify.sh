#!/bin/sh
# SPDX-License-Identifier: MIT
# email-verify takes a token of a mail once, in time, for the address it went to.
. "${top_srcdir:-.}/tests/lib.sh"

newest() {
	sql "SELECT payload->>'token' FROM outbox WHERE kind = '$1'
	    ORDER BY id DESC LIMIT 1"
}
verify() { fn email-verify -d "{\"token\":\"$1\"}"; }
refused() {
	is "$status $body" \
	    '422 {"errors":{"token":["is invalid or has expired"]}}' "$1"
}
verified() {
	sql "SELECT email_verified_at IS NOT NULL FROM account
	    WHERE username = '$1'"
}

db_start
new_user ann >"$tmp/token"
ann=$(cat "$tmp/token")
token=$(newest verify-email)
new_user bob >"$tmp/token"
plan 12

verify x
refused 'a token that is none'
verify "${token}x"
refused 'or one more letter'
fn password-reset-create -d '{"email":"bob@example.org"}'
verify "$(newest reset-password)"
refused 'one for something else'
verify "$token"
is "$status$body $(verified ann) $(verified bob)" '204 t f' \
    'the right one, for its account'
verify "$token"
refused 'is good once'

token=$(newest verify-email)
sql "UPDATE mail_token SET expires_at = now()"
verify "$token"
refused 'in time'
is "$(verified bob)" f 'or not at all'

fn user-update -t "$ann" -m PUT -d '{"user":{"email":"ann@example.com"}}'
token=$(newest verify-email)
sql "UPDATE account SET email = 'else@example.com' WHERE username = 'ann'"
verify "$token"
refused 'for the address that it went to'
is "$(verified ann)" f 'and no other'
fn email-verify -d '{}'
is "$status $body" "422 {\"errors\":{\"token\":[\"can't be blank\"]}}" 'no token'
one_url 'host=/nonexistent'
verify "$token"
is "$status" 503 'no database: 503'

one_url ''
bad_input email-verify
