-- SPDX-License-Identifier: MIT
-- comment-list    $1 slug, $2 id of the viewer or NULL, $3 limit, $4 id of the
--                 comment that the page comes after
--
-- No row: there is no such article.  Of an article without comments there is
-- one row, of NULLs.  Whom the viewer blocks he does not see:
-- coalesce, since the planner takes IS NULL for rare, and would sort all of them.
-- name: newest
SELECT c.id, c.created_at, c.updated_at, c.body, w.username, w.bio, w.image,
	(SELECT true FROM follow WHERE follower_id = $2::bigint
		AND followed_id = c.author_id) IS NOT NULL AS following
FROM article a
LEFT JOIN LATERAL (SELECT * FROM comment WHERE article_id = a.id
		AND id < $4::bigint AND hidden_at IS NULL
		AND coalesce((SELECT false FROM block WHERE blocker_id = $2::bigint
			AND blocked_id = author_id), true)
	ORDER BY id DESC LIMIT $3::bigint) c ON true
LEFT JOIN LATERAL (SELECT username, bio, image FROM account
	WHERE id = c.author_id LIMIT 1) w ON true
WHERE a.slug = $1::text AND (a.listed_at <= statement_timestamp()
	OR a.author_id = $2::bigint)
