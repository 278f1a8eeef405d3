-- SPDX-License-Identifier: MIT
-- article-favorite    $1 slug, $2 id of the fan
--
-- No row: there is no such article.  Nothing is written when blocked is true: its
-- author blocks the fan.  It is locked first, so that the copy of
-- listed_at is the one that stays; its counter is written behind this statement.
-- name: insert
WITH a AS (SELECT *, (SELECT true FROM block WHERE blocker_id = author_id
			AND blocked_id = $2::bigint) IS NOT NULL AS blocked
	FROM article
	WHERE slug = $1::text
		AND (listed_at <= statement_timestamp()
		OR author_id = $2::bigint)
	FOR NO KEY UPDATE),
new AS (INSERT INTO favorite (account_id, article_id, listed_at)
	SELECT $2::bigint, id, listed_at FROM a WHERE NOT blocked
	ON CONFLICT DO NOTHING RETURNING true)
SELECT a.slug, a.title, a.description, a.tag_list, a.created_at, a.updated_at,
	a.favorites_count + (SELECT count(*) FROM new)::integer
		AS favorites_count,
	w.username, w.bio, w.image, a.body, true AS favorited,
	(SELECT true FROM follow WHERE follower_id = $2::bigint
		AND followed_id = a.author_id) IS NOT NULL AS following,
	a.blocked
FROM a
CROSS JOIN LATERAL (SELECT username, bio, image FROM account
	WHERE id = a.author_id LIMIT 1) w
