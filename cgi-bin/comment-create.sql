-- SPDX-License-Identifier: MIT
-- comment-create    $1 slug, $2 id of the author, $3 body, $4 id of the comment
--                   that it answers, or NULL
--
-- No row: there is no such article.  It is locked first, as by all who write
-- what belongs to one; its counter is written behind this statement.  Nothing is
-- written when known is false, for the article has no such comment, or blocked is
-- true: who has written the article, the comment, or what begins its thread,
-- blocks the author.
-- Names: a article, p the comment that is answered, with the author of what
-- begins its thread; c the new one.
-- name: insert
WITH a AS (SELECT article.id, $4::bigint IS NULL OR p.id IS NOT NULL AS known,
		coalesce(p.parent_id, p.id) AS parent_id,
		(SELECT true FROM block WHERE blocked_id = $2::bigint
			AND blocker_id IN (article.author_id, p.author_id,
				p.root_author_id)
			LIMIT 1) IS NOT NULL AS blocked
	FROM article
	LEFT JOIN LATERAL (SELECT id, parent_id, author_id, (SELECT author_id
			FROM comment r WHERE r.id = comment.parent_id)
			AS root_author_id
		FROM comment WHERE article_id = article.id
			AND id = $4::bigint AND hidden_at IS NULL
		LIMIT 1) p ON true
	WHERE slug = $1::text
		AND (listed_at <= statement_timestamp()
		OR article.author_id = $2::bigint)
	FOR NO KEY UPDATE OF article),
c AS (INSERT INTO comment (article_id, author_id, parent_id, body)
	SELECT id, $2::bigint, parent_id, $3::text FROM a
	WHERE known AND NOT blocked
	RETURNING *)
SELECT c.id, c.created_at, c.updated_at, c.body, w.username, w.bio, w.image,
	a.known, a.blocked
FROM a
LEFT JOIN c ON true
LEFT JOIN LATERAL (SELECT username, bio, image FROM account
	WHERE id = c.author_id LIMIT 1) w ON true
