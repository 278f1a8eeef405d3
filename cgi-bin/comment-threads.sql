-- SPDX-License-Identifier: MIT
-- comment-threads    $1 slug, $2 id of the viewer or NULL, $3 limit, $4 id of
--                    the comment that the page comes after
--
-- No row: there is no such article.  Of an article without comments there is
-- one row, of NULLs.  Behind each thread come its 3 oldest answers.
-- Names: a article, r the comment that begins a thread, c that and its answers,
-- w writer.
-- name: newest
SELECT c.id, c.created_at, c.updated_at, c.body, w.username, w.bio, w.image,
	(SELECT true FROM follow WHERE follower_id = $2::bigint
		AND followed_id = c.author_id) IS NOT NULL AS following,
	c.parent_id,
	CASE WHEN c.parent_id IS NULL THEN (SELECT count(*)
		FROM (SELECT FROM comment WHERE article_id = a.id
			AND parent_id = c.id AND hidden_at IS NULL
			AND coalesce((SELECT false FROM block
				WHERE blocker_id = $2::bigint
				AND blocked_id = author_id), true)
			LIMIT 1000) few) END AS replies_count
FROM article a
LEFT JOIN LATERAL (SELECT * FROM comment WHERE article_id = a.id
		AND parent_id IS NULL AND id < $4::bigint AND hidden_at IS NULL
		AND coalesce((SELECT false FROM block WHERE blocker_id = $2::bigint
			AND blocked_id = author_id), true)
	ORDER BY id DESC LIMIT $3::bigint) r ON true
LEFT JOIN LATERAL (SELECT r.* UNION ALL (SELECT * FROM comment
	WHERE article_id = a.id AND parent_id = r.id AND hidden_at IS NULL
		AND coalesce((SELECT false FROM block WHERE blocker_id = $2::bigint
			AND blocked_id = author_id), true)
	ORDER BY id LIMIT 3)) c ON true
LEFT JOIN LATERAL (SELECT username, bio, image FROM account
	WHERE id = c.author_id LIMIT 1) w ON true
WHERE a.slug = $1::text AND (a.listed_at <= statement_timestamp()
	OR a.author_id = $2::bigint)
