-- SPDX-License-Identifier: MIT
-- user-create    $1 username, $2 email, $3 password hash, $4 seconds that the
--                session lasts, $5 agent, $6 address
--
-- account_username_key and account_email_key tell what is taken.
-- name: insert
WITH a AS (INSERT INTO account (username, email, password_hash)
	VALUES ($1::text, $2::text, $3::text)
	RETURNING id, username, email, bio, image),
s AS (INSERT INTO session (account_id, expires_at, agent, address)
	SELECT id, statement_timestamp() + $4::bigint * interval '1 second',
		left($5::text, 255), $6::inet
	FROM a RETURNING id)
SELECT a.id, s.id AS session_id, a.username, a.email, a.bio, a.image FROM a, s

-- name: verify
-- $1 id of the account, $2 token, $3 its hash, $4 seconds that it lasts
SELECT mail_secret($1::bigint, 'verify-email', NULL, $2::text, $3::bytea,
	$4::bigint * interval '1 second')
