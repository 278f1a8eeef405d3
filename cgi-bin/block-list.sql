-- SPDX-License-Identifier: MIT
-- block-list    $1 id of who blocks, $2 limit, $3 and $4 microseconds since 1970
--               and id of whom the page comes after
-- name: newest
SELECT w.username, w.bio, w.image,
	(SELECT true FROM follow WHERE follower_id = $1::bigint
		AND followed_id = b.blocked_id) IS NOT NULL AS following,
	b.blocked_id, b.created_at
FROM (SELECT blocked_id, created_at FROM block WHERE blocker_id = $1::bigint
		AND (created_at, blocked_id) < (timestamptz 'epoch'
			+ $3::bigint * interval '1 microsecond', $4::bigint)
	ORDER BY created_at DESC, blocked_id DESC LIMIT $2::bigint) b
CROSS JOIN LATERAL (SELECT username, bio, image FROM account
	WHERE id = b.blocked_id LIMIT 1) w
