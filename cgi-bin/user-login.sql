-- SPDX-License-Identifier: MIT
-- user-login    $1 email
--
-- Always one row: account is the email as it is compared, so that attempts at it
-- are counted as one, however it is written and whether there is such a user.
-- name: by-email
SELECT lower($1::text) AS account, id, username, email, bio, image,
	password_hash, suspended_at IS NOT NULL AS suspended
FROM (SELECT) AS one LEFT JOIN account ON lower(email) = lower($1::text)

-- name: begin-session
-- $1 id of the account, $2 the hash that its password has fit, $3 agent,
-- $4 address, $5 seconds that the session lasts
--
-- No row: it has another password by now, or is suspended.  FOR SHARE waits for
-- who changes that, so that no session outlives it.
INSERT INTO session (account_id, expires_at, agent, address)
SELECT id, statement_timestamp() + $5::bigint * interval '1 second',
	left($3::text, 255), $4::inet
FROM account
WHERE id = $1::bigint AND password_hash = $2::text AND suspended_at IS NULL
FOR SHARE
RETURNING id
