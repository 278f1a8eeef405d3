-- SPDX-License-Identifier: MIT
-- profile-get    $1 username, $2 id of the viewer or NULL
-- name: by-name
SELECT username, bio, image,
	(SELECT true FROM follow WHERE follower_id = $2::bigint
		AND followed_id = account.id) IS NOT NULL AS following
FROM account WHERE lower(username) = lower($1::text)
