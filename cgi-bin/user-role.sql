-- SPDX-License-Identifier: MIT
-- user-role    $1 id of the user
-- name: by-id
SELECT username, role FROM account WHERE id = $1::bigint
