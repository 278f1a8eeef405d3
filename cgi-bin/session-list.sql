-- SPDX-License-Identifier: MIT
-- session-list    $1 id of the user, $2 id of the current session, $3 how many,
--                 $4 the id where the page before ended, or a larger one
-- name: mine
SELECT id, id = $2::bigint AS current, agent, host(address) AS address,
	created_at AS "createdAt", used_at AS "usedAt",
	expires_at AS "expiresAt"
FROM session
WHERE account_id = $1::bigint AND id < $4::bigint AND ended_at IS NULL
AND expires_at > statement_timestamp()
ORDER BY id DESC LIMIT $3::bigint
