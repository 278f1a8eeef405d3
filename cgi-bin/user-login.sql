-- SPDX-License-Identifier: MIT
-- user-login    $1 email
--
-- Always one row: account is the email as it is compared, so that attempts at it
-- are counted as one, however it is written and whether there is such a user.
-- name: by-email
SELECT lower($1::text) AS account, id, username, email, bio, image,
	password_hash
FROM (SELECT) AS one LEFT JOIN account ON lower(email) = lower($1::text)

-- name: begin-session
-- $1 id of the account, $2 seconds that the session lasts
INSERT INTO session (account_id, expires_at)
VALUES ($1::bigint, statement_timestamp() + $2::bigint * interval '1 second')
RETURNING id
