-- SPDX-License-Identifier: MIT
-- comment-update    $1 slug, $2 id of the user, $3 id of the comment, $4 body
--
-- No row: there is no such article.  mine is NULL: it has no such comment.  mine
-- and blocked say why nothing changed.
-- name: change
WITH was AS (SELECT c.id, c.author_id = $2::bigint AS mine,
		(SELECT true FROM block WHERE blocked_id = $2::bigint
			AND blocker_id IN (a.author_id, c.parent_author_id)
			LIMIT 1) IS NOT NULL AS blocked
	FROM article a
	LEFT JOIN LATERAL (SELECT id, author_id, (SELECT author_id
			FROM comment p WHERE p.id = comment.parent_id)
			AS parent_author_id
		FROM comment WHERE article_id = a.id AND id = $3::bigint
			AND hidden_at IS NULL
		LIMIT 1) c ON true
	WHERE a.slug = $1::text AND (a.listed_at <= statement_timestamp()
		OR a.author_id = $2::bigint)),
c AS (UPDATE comment SET body = $4::text,
		updated_at = greatest(statement_timestamp(),
			updated_at + interval '1 millisecond')
	FROM was WHERE comment.id = was.id AND was.mine AND NOT was.blocked
	RETURNING comment.*)
SELECT was.mine, was.blocked, c.id, c.created_at, c.updated_at, c.body,
	w.username, w.bio, w.image
FROM was
LEFT JOIN c ON true
LEFT JOIN LATERAL (SELECT username, bio, image FROM account
	WHERE id = c.author_id LIMIT 1) w ON true
