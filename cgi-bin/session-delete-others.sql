-- SPDX-License-Identifier: MIT
-- session-delete-others    $1 id of the user, $2 id of the current session
-- name: end
UPDATE session SET ended_at = statement_timestamp()
WHERE account_id = $1::bigint AND id <> $2::bigint AND ended_at IS NULL
