-- SPDX-License-Identifier: MIT
-- user-create    $1 username, $2 email, $3 password hash, $4 seconds that the
--                session lasts
--
-- account_username_key and account_email_key tell what is taken.
-- name: insert
WITH a AS (INSERT INTO account (username, email, password_hash)
	VALUES ($1::text, $2::text, $3::text)
	RETURNING id, username, email, bio, image),
s AS (INSERT INTO session (account_id, expires_at)
	SELECT id, statement_timestamp() + $4::bigint * interval '1 second'
	FROM a RETURNING id)
SELECT a.id, s.id AS session_id, a.username, a.email, a.bio, a.image FROM a, s

-- name: by-id
-- $1 id
SELECT id, username, email, bio, image, password_hash FROM account
WHERE id = $1::bigint

-- name: begin-session
-- $1 id of the account, $2 seconds that the session lasts
INSERT INTO session (account_id, expires_at)
VALUES ($1::bigint, statement_timestamp() + $2::bigint * interval '1 second')
RETURNING id
