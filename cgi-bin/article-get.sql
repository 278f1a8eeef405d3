-- SPDX-License-Identifier: MIT
-- article-get    $1 slug, $2 id of the viewer or NULL
--
-- What is not published only its author sees, and what is hidden he and
-- moderators.  LATERAL with LIMIT 1 leaves the
-- planner no join but looking the author up.
-- name: by-slug
SELECT a.slug, a.title, a.description, a.tag_list, a.created_at,
	a.updated_at, a.favorites_count, w.username, w.bio, w.image, a.body,
	(SELECT true FROM favorite WHERE account_id = $2::bigint
		AND article_id = a.id) IS NOT NULL AS favorited,
	(SELECT true FROM follow WHERE follower_id = $2::bigint
		AND followed_id = a.author_id) IS NOT NULL AS following,
	a.version
FROM article a
CROSS JOIN LATERAL (SELECT username, bio, image FROM account
	WHERE id = a.author_id LIMIT 1) w
WHERE a.slug = $1::text AND (a.listed_at <= statement_timestamp()
	OR a.author_id = $2::bigint
	OR a.hidden_at IS NOT NULL AND (SELECT role IN ('moderator', 'admin')
		FROM account WHERE id = $2::bigint))
