-- SPDX-License-Identifier: MIT
-- user-set-role    $1 id of the admin, $2 username, $3 role
--
-- username is NULL: nobody is called so.  last: he is the only admin who is not
-- suspended, and stays one.  All admins are locked with him, in order, so that two of them who take
-- the role from each other at once leave one.
-- name: change
WITH me AS MATERIALIZED (SELECT require_role($1::bigint, 'admin')),
few AS (SELECT id, username, role, suspended_at, lower(username) = lower($2::text) AS him
	FROM account
	WHERE role = 'admin' OR lower(username) = lower($2::text)
	ORDER BY id FOR NO KEY UPDATE),
him AS (SELECT id, username, role, role = 'admin' AND $3::text <> 'admin'
		AND NOT EXISTS (SELECT FROM few
			WHERE role = 'admin' AND suspended_at IS NULL
			AND NOT him) AS last
	FROM few WHERE him),
now AS (UPDATE account SET role = $3::text
	FROM him WHERE account.id = him.id AND account.role <> $3::text
		AND NOT him.last
	RETURNING account.username),
line AS (INSERT INTO moderation_log (moderator_id, action, username, outcome)
	SELECT $1::bigint, 'user-role', username, $3::text FROM now)
SELECT him.username, him.last, $3::text AS role
FROM me
LEFT JOIN him ON true
