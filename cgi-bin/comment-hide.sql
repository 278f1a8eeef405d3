-- SPDX-License-Identifier: MIT
-- comment-hide    $1 id of the moderator, $2 slug, $3 reason, $4 id of the
--                 comment
--
-- missing says what there is not.  What is hidden stays so, and is not logged
-- again. The article is locked first, as its counters are written behind it.
-- name: hide
WITH me AS MATERIALIZED (SELECT require_role($1::bigint, 'moderator')),
a AS (SELECT id, author_id, hidden_at FROM article
	WHERE slug = $2::text AND (listed_at <= statement_timestamp()
		OR hidden_at IS NOT NULL)
	FOR NO KEY UPDATE),
was AS (SELECT c.* FROM a
	CROSS JOIN LATERAL (SELECT id, author_id, hidden_at FROM comment
		WHERE article_id = a.id AND id = $4::bigint
		LIMIT 1 FOR NO KEY UPDATE) c),
now AS (UPDATE comment SET hidden_at = statement_timestamp()
	FROM was WHERE comment.id = was.id AND was.hidden_at IS NULL
	RETURNING comment.id, comment.author_id),
line AS (INSERT INTO moderation_log (moderator_id, action, username, slug,
		comment_id, reason)
	SELECT $1::bigint, 'comment-hide', w.username, $2::text, now.id, $3::text
	FROM now CROSS JOIN LATERAL (SELECT username FROM account
		WHERE id = now.author_id LIMIT 1) w)
SELECT CASE WHEN a.id IS NULL THEN 'article' WHEN was.id IS NULL THEN 'comment' END
	AS missing
FROM me
LEFT JOIN a ON true
LEFT JOIN was ON true
