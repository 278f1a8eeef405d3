-- SPDX-License-Identifier: MIT
-- user-login    $1 email
-- name: by-email
SELECT id, username, email, bio, image, password_hash FROM account
WHERE lower(email) = lower($1::text)
