-- SPDX-License-Identifier: MIT
-- session-create    $1 email
--
-- Always one row: see user-login.sql.
-- name: by-email
SELECT lower($1::text) AS account, id, password_hash,
	suspended_at IS NOT NULL AS suspended
FROM (SELECT) AS one LEFT JOIN account ON lower(email) = lower($1::text)

-- name: begin
-- $1 id of the account, $2 the hash that its password has fit, $3 agent,
-- $4 address, $5 hash of the family and $6 of the secret of its refresh token,
-- $7 seconds until it must be refreshed
--
-- No row: it has another password by now, or is suspended.  FOR SHARE waits for
-- who changes that, so that no session outlives it.
WITH a AS (SELECT id, username, email, bio, image FROM account
	WHERE id = $1::bigint AND password_hash = $2::text
	AND suspended_at IS NULL
	FOR SHARE),
s AS (INSERT INTO session (account_id, expires_at, agent, address, family,
		refresh, refreshed_at)
	SELECT id, statement_timestamp() + $7::bigint * interval '1 second',
		left($3::text, 255), $4::inet, $5::bytea, $6::bytea,
		statement_timestamp()
	FROM a RETURNING id)
SELECT a.id AS account_id, s.id AS session_id, a.username, a.email, a.bio,
	a.image
FROM a, s
