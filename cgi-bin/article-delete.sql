-- SPDX-License-Identifier: MIT
-- article-delete    $1 slug, $2 id of the user, $3 the versions that may be deleted,
--                   NULL for any
--
-- No row: there is no such article.  mine and wanted say why it is still there.
-- name: remove
WITH was AS (SELECT id, author_id = $2::bigint AS mine,
		$3::text[] IS NULL OR version::text = ANY ($3::text[]) AS wanted
	FROM article WHERE slug = $1::text
		AND (listed_at <= statement_timestamp()
		OR author_id = $2::bigint)
	FOR UPDATE),
gone AS (DELETE FROM article USING was
	WHERE article.id = was.id AND was.mine AND was.wanted)
SELECT mine, wanted FROM was
