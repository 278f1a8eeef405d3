-- SPDX-License-Identifier: MIT
-- article-unfavorite    $1 slug, $2 id of the fan
--
-- No row: there is no such article.  Its counter is written behind this
-- statement.
-- name: remove
WITH a AS (SELECT * FROM article WHERE slug = $1::text
		AND (listed_at <= statement_timestamp()
		OR author_id = $2::bigint)
	FOR NO KEY UPDATE),
old AS (DELETE FROM favorite USING a
	WHERE account_id = $2::bigint AND article_id = a.id RETURNING true)
SELECT a.slug, a.title, a.description, a.tag_list, a.created_at, a.updated_at,
	a.favorites_count - (SELECT count(*) FROM old)::integer
		AS favorites_count,
	w.username, w.bio, w.image, a.body, false AS favorited,
	(SELECT true FROM follow WHERE follower_id = $2::bigint
		AND followed_id = a.author_id) IS NOT NULL AS following
FROM a
CROSS JOIN LATERAL (SELECT username, bio, image FROM account
	WHERE id = a.author_id LIMIT 1) w
