-- SPDX-License-Identifier: MIT
-- profile-unfollow    $1 username, $2 id of the follower
--
-- No row: there is no such user.
-- name: remove
WITH a AS (SELECT id, username, bio, image FROM account
	WHERE lower(username) = lower($1::text)),
old AS (DELETE FROM follow USING a
	WHERE follower_id = $2::bigint AND followed_id = a.id)
SELECT username, bio, image, false AS following FROM a
