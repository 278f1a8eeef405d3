-- SPDX-License-Identifier: MIT
-- article-create    $1 slug, $2 id of the author, $3 title, $4 description,
--                   $5 body, $6 tags, $7 when it is published, NULL or passed
--                   for at once, $8 whether it is a draft
--
-- No row when the slug is taken: the caller tries another.
-- name: insert
WITH a AS (INSERT INTO article
	(slug, author_id, title, description, body, tag_list, published_at)
	VALUES ($1::text, $2::bigint, $3::text, $4::text, $5::text, $6::text[],
		CASE WHEN NOT $8::boolean THEN
		greatest($7::timestamptz, statement_timestamp()) END)
	ON CONFLICT ON CONSTRAINT article_slug_key DO NOTHING
	RETURNING *)
SELECT a.slug, a.title, a.description, a.tag_list, a.created_at,
	a.updated_at, a.favorites_count, w.username, w.bio, w.image, a.body
FROM a
LEFT JOIN LATERAL (SELECT username, bio, image FROM account
	WHERE id = a.author_id LIMIT 1) w ON true
