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

-- name: by-id
-- $1 id
SELECT id, username, email, bio, image, password_hash FROM account
WHERE id = $1::bigint

-- name: begin-session
-- $1 id of the account, $2 the hash that its password has fit, $3 agent,
-- $4 address, $5 seconds that the session lasts; as in user-login.sql
INSERT INTO session (account_id, expires_at, agent, address)
SELECT id, statement_timestamp() + $5::bigint * interval '1 second',
	left($3::text, 255), $4::inet
FROM account
WHERE id = $1::bigint AND password_hash = $2::text AND suspended_at IS NULL
FOR SHARE
RETURNING id

-- name: verify
-- $1 id of the account, $2 token, $3 its hash, $4 seconds that it lasts
SELECT mail_secret($1::bigint, 'verify-email', NULL, $2::text, $3::bytea,
	$4::bigint * interval '1 second')
