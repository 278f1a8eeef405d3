-- SPDX-License-Identifier: MIT
-- profile-unblock    $1 username, $2 id of who blocks
--
-- No row: there is no such user.
-- name: remove
WITH a AS (SELECT id, username, bio, image FROM account
	WHERE lower(username) = lower($1::text)),
old AS (DELETE FROM block USING a
	WHERE blocker_id = $2::bigint AND blocked_id = a.id)
SELECT username, bio, image, (SELECT true FROM follow
	WHERE follower_id = $2::bigint AND followed_id = a.id) IS NOT NULL
	AS following
FROM a
