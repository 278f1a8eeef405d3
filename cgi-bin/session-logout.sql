-- SPDX-License-Identifier: MIT
-- session-logout    $1 id of the user, $2 id of the session
-- name: end
UPDATE session SET ended_at = statement_timestamp()
WHERE id = $2::bigint AND account_id = $1::bigint AND ended_at IS NULL
