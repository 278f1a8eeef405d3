-- SPDX-License-Identifier: MIT
-- email-verify    $1 hash of the token
--
-- The account is locked before the token, as by whoever deletes it.
-- name: lock
SELECT id FROM account
WHERE id = (SELECT account_id FROM mail_token WHERE hash = $1::bytea)
FOR NO KEY UPDATE

-- name: verify
WITH used AS (DELETE FROM mail_token
	WHERE hash = $1::bytea AND kind = 'verify-email'
	AND expires_at > statement_timestamp()
	RETURNING account_id, email)
UPDATE account SET email_verified_at = statement_timestamp()
FROM used
WHERE account.id = used.account_id AND lower(account.email) = lower(used.email)
