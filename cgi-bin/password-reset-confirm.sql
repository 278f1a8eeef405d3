-- SPDX-License-Identifier: MIT
-- password-reset-confirm    $1 hash of the token
-- name: by-token
SELECT a.id, a.suspended
FROM mail_token t
CROSS JOIN LATERAL (SELECT id, email, suspended_at IS NOT NULL AS suspended
	FROM account WHERE id = t.account_id LIMIT 1) a
WHERE t.hash = $1::bytea AND t.kind = 'reset-password'
AND t.expires_at > statement_timestamp() AND lower(t.email) = lower(a.email)

-- name: lock
-- $1 id of the account and $2 new hash here and in all that follow, which are
-- one transaction.  The account is locked before the token, as by whoever
-- deletes it; of two with one token the second finds it gone.
SELECT id FROM account WHERE id = $1::bigint FOR NO KEY UPDATE

-- name: change
-- $3 hash of the token
WITH used AS (DELETE FROM mail_token
	WHERE hash = $3::bytea AND account_id = $1::bigint
	AND expires_at > statement_timestamp()
	RETURNING account_id, email)
UPDATE account
SET password_hash = $2::text, updated_at = statement_timestamp(),
	email_verified_at = coalesce(email_verified_at, statement_timestamp())
FROM used
WHERE account.id = used.account_id AND lower(account.email) = lower(used.email)
AND suspended_at IS NULL

-- name: end-all
-- A hash has a salt: that the account has it says that change has changed it.
UPDATE session SET ended_at = statement_timestamp()
WHERE account_id = $1::bigint AND ended_at IS NULL
AND EXISTS (SELECT FROM account
	WHERE id = $1::bigint AND password_hash = $2::text)

-- name: tell
INSERT INTO outbox (account_id, kind, recipient, payload)
SELECT id, 'password-changed', email, jsonb_build_object('username', username)
FROM account WHERE id = $1::bigint AND password_hash = $2::text
