#!/bin/sh
# SPDX-License-Identifier: MIT
# email-verification-create writes a mail with a new token; only its hash is
# stored beside that, and the token before it is no good any more.
. "${top_srcdir:-.}/tests/lib.sh"

# newest WHAT: of the last mail that verifies
newest() {
	sql "SELECT $1 FROM outbox WHERE kind = 'verify-email'
	    ORDER BY id DESC LIMIT 1"
}
verify() { fn email-verify -d "{\"token\":\"$1\"}"; }

db_start
ann=$(new_user ann)
plan 20

is "$(newest "recipient, sent_at IS NULL, payload->>'username'")" \
    'ann@example.org|t|ann' 'whoever registers gets a mail'
first=$(newest "payload->>'token'")
like "$first" '^[A-Za-z0-9_-]{43}$' 'with a token of 256 bits'
is "$(newest "round(extract(epoch FROM
    (payload->>'expiresAt')::timestamptz - created_at))")" 86400 'for a day'
is "$(sql "SELECT count(*) FROM mail_token t
    WHERE t::text LIKE '%$first%'")" 0 'which is stored there alone'

fn email-verification-create -m POST
is "$status" 401 'no token'
fn email-verification-create -m POST -t "$ann"
is "$status $body" \
    '202 {"verification":{"email":"ann@example.org","expiresIn":86400}}' \
    'another mail'
second=$(newest "payload->>'token'")
verify "$first"
is "$status $body" '422 {"errors":{"token":["is invalid or has expired"]}}' \
    'the token before it is no good'
verify "$second"
is "$status" 204 'the new one is'
fn email-verification-create -m POST -t "$ann"
is "$status $body" '409 {"errors":{"email":["is already verified"]}}' \
    'then there is nothing to verify'

fn user-update -t "$ann" -m PUT -d '{"user":{"email":"ann@example.com"}}'
is "$status $(newest recipient)" '200 ann@example.com' \
    'a change of address writes one, too'
is "$(sql "SELECT recipient FROM outbox WHERE kind = 'email-changed'")" \
    ann@example.org 'and one to the old address, that it is no more'
is "$(sql 'SELECT email_verified_at IS NULL FROM account')" t \
    'the new address is yet to be verified'
fn user-update -t "$ann" -m PUT -d '{"user":{"email":"ANN@example.com"}}'
is "$status $(newest recipient)" '200 ann@example.com' \
    'other letters are no other address'
before=$(sql 'SELECT count(*) FROM outbox')
fn user-update -t "$ann" -m PUT -d '{"user":{"bio":"b"}}'
is "$(sql 'SELECT count(*) FROM outbox')" "$before" 'nor does a bio write one'

# What is kept of mails, and who may read it.
ok 'a mail that is sent keeps nothing secret' sql \
    "UPDATE outbox SET sent_at = now(), payload = NULL"
is "$(sql "UPDATE outbox SET payload = '{}'" 2>&1 | grep -o outbox_cleared)" \
    outbox_cleared 'and cannot'
for role in reader writer account; do
	psql_cluster -d "$database" -c "SET ROLE \"${roles}_$role\"" \
	    -c 'SELECT payload FROM outbox' 2>&1
done >"$tmp/said"
is "$(grep -c 'permission denied' "$tmp/said")" 3 'no function reads mails'
sql "INSERT INTO outbox (kind, recipient, payload, created_at)
    SELECT 'verify-email', 'x@y.z', '{}', now() - interval '8 days'
    FROM generate_series(1, 3)"
sql "UPDATE outbox SET created_at = now() - interval '8 days'"
sql "INSERT INTO mail_token (kind, hash, email, expires_at)
    SELECT 'verify-email', sha256(n::text::bytea), 'x@y.z', now()
    FROM generate_series(1, 3) n"
fn email-verification-create -m POST -t "$ann"
is "$(sql 'SELECT count(*) FROM outbox')" 1 'old mails are swept'
is "$(sql 'SELECT count(*) FROM mail_token')" 1 'and tokens'

bad_input email-verification-create
