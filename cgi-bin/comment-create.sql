-- SPDX-License-Identifier: MIT
-- comment-create    $1 slug, $2 id of the author, $3 body
--
-- No row: there is no such article.  It is locked first, as by all who write
-- what belongs to one; its counter is written behind this statement.
-- name: insert
WITH a AS (SELECT id FROM article
	WHERE slug = $1::text AND (listed_at <= statement_timestamp()
		OR author_id = $2::bigint)
	FOR NO KEY UPDATE),
c AS (INSERT INTO comment (article_id, author_id, body)
	SELECT id, $2::bigint, $3::text FROM a
	RETURNING *)
SELECT c.id, c.created_at, c.updated_at, c.body, w.username, w.bio, w.image
FROM c
CROSS JOIN LATERAL (SELECT username, bio, image FROM account
	WHERE id = c.author_id LIMIT 1) w
