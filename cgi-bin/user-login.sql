-- SPDX-License-Identifier: MIT
-- user-login    $1 email
-- name: by-email
SELECT id, username, email, bio, image, password_hash FROM account
WHERE lower(email) = lower($1::text)

-- name: begin-session
-- $1 id of the account, $2 seconds that the session lasts
INSERT INTO session (account_id, expires_at)
VALUES ($1::bigint, statement_timestamp() + $2::bigint * interval '1 second')
RETURNING id
