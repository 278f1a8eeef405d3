-- SPDX-License-Identifier: MIT
-- article-update    $1 slug, $2 id of the user, $3 title, $4 description, $5 body,
--                   $6 tags, each NULL to stay as it is, $7 the slug if the
--                   title is another than before, $8 the versions that may be
--                   changed, NULL for any, $9 when it is published, $10
--                   whether it becomes a draft
--
-- No row: there is no such article.  mine and wanted say why nothing changed.
-- article_slug_key tells that the slug is taken.
-- name: change
WITH was AS (SELECT id, author_id = $2::bigint AS mine,
		$8::text[] IS NULL OR version::text = ANY ($8::text[]) AS wanted
	FROM article WHERE slug = $1::text
		AND (listed_at <= statement_timestamp()
		OR author_id = $2::bigint)
	FOR NO KEY UPDATE),
a AS (UPDATE article SET
		slug = CASE WHEN $3::text <> title THEN $7::text ELSE slug END,
		title = coalesce($3::text, title),
		description = coalesce($4::text, description),
		body = coalesce($5::text, body),
		tag_list = coalesce($6::text[], tag_list),
		published_at = CASE WHEN $10::boolean THEN NULL
			WHEN $9::timestamptz IS NULL THEN published_at
			WHEN published_at <= statement_timestamp()
				AND $9::timestamptz <= statement_timestamp()
				THEN published_at
			ELSE greatest($9::timestamptz, statement_timestamp())
			END,
		version = version + 1,
		updated_at = greatest(statement_timestamp(),
			updated_at + interval '1 millisecond')
	FROM was WHERE article.id = was.id AND was.mine AND was.wanted
	RETURNING article.*)
SELECT was.mine, was.wanted, a.slug, a.title, a.description, a.tag_list,
	a.created_at, a.updated_at, a.favorites_count, w.username, w.bio, w.image, a.body,
	(SELECT true FROM favorite WHERE account_id = $2::bigint
		AND article_id = a.id) IS NOT NULL AS favorited,
	false AS following, a.version
FROM was
LEFT JOIN a ON true
LEFT JOIN LATERAL (SELECT username, bio, image FROM account
	WHERE id = a.author_id LIMIT 1) w ON true
