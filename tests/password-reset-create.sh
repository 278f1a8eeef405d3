#!/bin/sh
# SPDX-License-Identifier: MIT
# password-reset-create writes a mail with a token to whoever has the address,
# and tells nobody whether anybody has.
. "${top_srcdir:-.}/tests/lib.sh"

ask() { fn password-reset-create -d "$(jq -cn --arg e "$1" '{email: $e}')"; }
mails() {
	sql "SELECT recipient, payload IS NOT NULL, sent_at IS NULL,
	    account_id IS NOT NULL FROM outbox WHERE kind = 'reset-password'
	    ORDER BY id DESC LIMIT 1"
}

db_start
new_user ann >"$tmp/token"
plan 15

ask ann@example.org
is "$status $body" '202 {"passwordReset":{"expiresIn":3600}}' 'an address'
known="$status $body $(echo "$headers" | grep -v X-Request-Id)"
is "$(mails)" 'ann@example.org|t|t|t' 'gets a mail'
first=$(sql "SELECT payload->>'token' FROM outbox
    WHERE kind = 'reset-password'")
like "$first" '^[A-Za-z0-9_-]{43}$' 'with a token of 256 bits'
is "$(sql "SELECT count(*) FROM mail_token t WHERE t::text LIKE '%$first%'")" 0 \
    'which is stored there alone'
ask nobody@example.org
is "$status $body $(echo "$headers" | grep -v X-Request-Id)" "$known" \
    'one that nobody has: the same answer'
is "$(mails)" 'nobody@example.org|f|f|f' 'the same row, but no mail to be sent'
is "$(sql "SELECT count(*), count(account_id) FROM mail_token
    WHERE kind = 'reset-password'")" '2|1' 'and the same token, but nobody'"'"'s'
ask ANN@EXAMPLE.ORG
is "$(mails)" 'ann@example.org|t|t|t' \
    'the mail goes to the address of the account'
is "$(sql "SELECT count(*) FROM mail_token WHERE account_id IS NOT NULL
    AND kind = 'reset-password'")" 1 'the newest alone is good'
fn password-reset-confirm -d "{\"token\":\"$first\",\"password\":\"better horse\"}"
is "$status" 422 'and not the one before'
ask 'no address'
is "$status" 202 'what is no address is one that nobody has'
ask ''
is "$status $body" "422 {\"errors\":{\"email\":[\"can't be blank\"]}}" \
    'a blank one'
ask "$(repeat 255 x)"
is "$status" 422 'one of 255 characters'
one_url 'host=/nonexistent'
ask ann@example.org
is "$status" 503 'no database: 503'

one_url ''
bad_input password-reset-create
