-- SPDX-License-Identifier: MIT
-- profile-follow    $1 username, $2 id of the follower
--
-- No row: there is no such user.  Nobody follows himself, nor who blocks him.
-- name: insert
WITH a AS (SELECT id, username, bio, image,
		(SELECT true FROM block WHERE blocker_id = account.id
			AND blocked_id = $2::bigint) IS NOT NULL AS blocked
	FROM account WHERE lower(username) = lower($1::text)),
new AS (INSERT INTO follow (follower_id, followed_id)
	SELECT $2::bigint, id FROM a WHERE id <> $2::bigint AND NOT blocked
	ON CONFLICT DO NOTHING)
SELECT username, bio, image, id <> $2::bigint AS following, blocked FROM a
