-- SPDX-License-Identifier: MIT
-- user-create    $1 username, $2 email, $3 password hash
--
-- account_username_key and account_email_key tell what is taken.
-- name: insert
INSERT INTO account (username, email, password_hash)
VALUES ($1::text, $2::text, $3::text)
RETURNING id, username, email, bio, image

-- name: by-id
-- $1 id
SELECT id, username, email, bio, image, password_hash
FROM account
WHERE id = $1::bigint
