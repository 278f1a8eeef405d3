-- SPDX-License-Identifier: MIT
-- user-get    $1 id of the user
-- name: by-id
SELECT username, email, bio, image FROM account WHERE id = $1::bigint
