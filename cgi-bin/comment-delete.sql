-- SPDX-License-Identifier: MIT
-- comment-delete    $1 slug, $2 id of the user, $3 id of the comment
--
-- No row: there is no such article.  It is locked first, as by all who write
-- what belongs to one; its counter is written behind this statement.  mine is
-- NULL: it has no such comment, and false: it is still there.
-- name: remove
WITH was AS (SELECT c.id, c.author_id = $2::bigint AS mine
	FROM article a
	LEFT JOIN LATERAL (SELECT id, author_id FROM comment
		WHERE article_id = a.id AND id = $3::bigint
		LIMIT 1) c ON true
	WHERE a.slug = $1::text AND (a.listed_at <= statement_timestamp()
		OR a.author_id = $2::bigint)
	FOR NO KEY UPDATE OF a),
gone AS (DELETE FROM comment USING was WHERE comment.id = was.id AND was.mine)
SELECT mine FROM was
