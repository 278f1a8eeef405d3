-- SPDX-License-Identifier: MIT
-- user-unsuspend    $1 id of the moderator, $2 username, $3 reason or NULL
--
-- missing says that nobody is called so, below whether he is of a lower role.
-- name: unsuspend
WITH me AS MATERIALIZED (SELECT require_role($1::bigint, 'moderator') AS rank),
him AS (SELECT id, username, role_rank(role) AS rank, suspended_at FROM account
	WHERE lower(username) = lower($2::text)
	FOR NO KEY UPDATE),
now AS (UPDATE account SET suspended_at = NULL
	FROM him, me WHERE account.id = him.id AND him.rank < me.rank
		AND him.suspended_at IS NOT NULL
	RETURNING account.username),
line AS (INSERT INTO moderation_log (moderator_id, action, username, reason)
	SELECT $1::bigint, 'user-unsuspend', username, $3::text FROM now)
SELECT CASE WHEN him.id IS NULL THEN 'profile' END AS missing,
	him.rank < me.rank AS below
FROM me
LEFT JOIN him ON true
