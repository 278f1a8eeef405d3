-- SPDX-License-Identifier: MIT
-- article-hide    $1 id of the moderator, $2 slug, $3 reason
--
-- missing says what there is not.  What is hidden stays so, and is not logged
-- again.
-- name: hide
WITH me AS MATERIALIZED (SELECT require_role($1::bigint, 'moderator')),
a AS (SELECT id, author_id, hidden_at FROM article
	WHERE slug = $2::text AND (listed_at <= statement_timestamp()
		OR hidden_at IS NOT NULL)
	FOR NO KEY UPDATE),
now AS (UPDATE article SET hidden_at = statement_timestamp()
	FROM a WHERE article.id = a.id AND a.hidden_at IS NULL
	RETURNING article.id, article.author_id),
line AS (INSERT INTO moderation_log (moderator_id, action, username, slug,
		reason)
	SELECT $1::bigint, 'article-hide', w.username, $2::text, $3::text
	FROM now CROSS JOIN LATERAL (SELECT username FROM account
		WHERE id = now.author_id LIMIT 1) w)
SELECT CASE WHEN a.id IS NULL THEN 'article' END
	AS missing
FROM me
LEFT JOIN a ON true
