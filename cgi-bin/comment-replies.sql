-- SPDX-License-Identifier: MIT
-- comment-replies    $1 slug, $2 id of the viewer or NULL, $3 limit, $4 id of
--                    the answer that the page comes after, $5 id of the comment
--
-- No row: there is no such article.  Of a comment that nobody answered there is
-- one row, of NULLs but for found, which says whether there is the comment.
-- name: oldest
SELECT r.id IS NOT NULL AS found,
	c.id, c.created_at, c.updated_at, c.body, w.username, w.bio, w.image,
	(SELECT true FROM follow WHERE follower_id = $2::bigint
		AND followed_id = c.author_id) IS NOT NULL AS following,
	c.parent_id
FROM article a
LEFT JOIN LATERAL (SELECT id FROM comment WHERE article_id = a.id
		AND id = $5::bigint AND hidden_at IS NULL
	LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT * FROM comment WHERE article_id = a.id
		AND parent_id = r.id AND id > $4::bigint AND hidden_at IS NULL
		AND coalesce((SELECT false FROM block WHERE blocker_id = $2::bigint
			AND blocked_id = author_id), true)
	ORDER BY id LIMIT $3::bigint) c ON true
LEFT JOIN LATERAL (SELECT username, bio, image FROM account
	WHERE id = c.author_id LIMIT 1) w ON true
WHERE a.slug = $1::text AND (a.listed_at <= statement_timestamp()
	OR a.author_id = $2::bigint)
