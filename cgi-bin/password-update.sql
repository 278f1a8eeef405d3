-- SPDX-License-Identifier: MIT
-- password-update    $1 id of the user
-- name: by-id
SELECT password_hash FROM account WHERE id = $1::bigint

-- name: change
-- $1 id of the user and $2 new hash here and in all that follow, which are one
-- transaction; $3 the hash so far.  A hash has a salt: that the account has the
-- new one says that this has changed it.
UPDATE account
SET password_hash = $2::text, updated_at = statement_timestamp()
WHERE id = $1::bigint AND password_hash = $3::text

-- name: end-others
-- $3 id of the session that goes on
UPDATE session SET ended_at = statement_timestamp()
WHERE account_id = $1::bigint AND id <> $3::bigint AND ended_at IS NULL
AND EXISTS (SELECT FROM account
	WHERE id = $1::bigint AND password_hash = $2::text)

-- name: tell
-- No mail is left by which the password can be reset.
WITH a AS (SELECT id, username, email FROM account
	WHERE id = $1::bigint AND password_hash = $2::text),
void AS (DELETE FROM mail_token
	WHERE account_id = (SELECT id FROM a) AND kind = 'reset-password')
INSERT INTO outbox (account_id, kind, recipient, payload)
SELECT id, 'password-changed', email, jsonb_build_object('username', username)
FROM a
