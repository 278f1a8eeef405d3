-- SPDX-License-Identifier: MIT
-- profile-block    $1 username, $2 id of who blocks
--
-- No row: there is no such user.  Nobody blocks himself.
-- name: insert
WITH a AS (SELECT id, username, bio, image FROM account
	WHERE lower(username) = lower($1::text)),
new AS (INSERT INTO block (blocker_id, blocked_id)
	SELECT $2::bigint, id FROM a WHERE id <> $2::bigint
	ON CONFLICT DO NOTHING),
old AS (DELETE FROM follow USING a
	WHERE follower_id = a.id AND followed_id = $2::bigint)
SELECT username, bio, image, (SELECT true FROM follow
	WHERE follower_id = $2::bigint AND followed_id = a.id) IS NOT NULL
	AS following, id = $2::bigint AS mine
FROM a
