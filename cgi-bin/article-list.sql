-- SPDX-License-Identifier: MIT
-- article-list    $1 limit, $2 offset, $3 id of the viewer or NULL, and what
--                 to filter by: $4 tag, or name of the author or of the fan,
--                 whose favourites they are
--
-- One statement for each single filter, so that each has its own plan, walks
-- its own index and stops after the page; one more for combinations.  LEFT JOIN
-- keeps the count's row when the page is empty.  LATERAL with LIMIT 1 leaves
-- the planner no join but looking rows up one by one: no whole table is hashed
-- for twenty rows, and the page keeps its order without being sorted again.
-- Work has a bound.  The count of a filter stops at 10,000; by-favorited and
-- by-several search no further than the 10,000 favourites of the highest ids,
-- or the author's newest 10,000 articles.
-- Names: t total, p page, k its keys, a article, w writer, u user.

-- name: newest
SELECT p.*, t.total
FROM (SELECT sum(n)::bigint AS total FROM article_counter) t
LEFT JOIN LATERAL (
	SELECT a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image,
		(SELECT true FROM favorite WHERE account_id = $3::bigint
			AND article_id = a.id) IS NOT NULL AS favorited,
		(SELECT true FROM follow WHERE follower_id = $3::bigint
			AND followed_id = a.author_id) IS NOT NULL AS following
	FROM (SELECT * FROM article ORDER BY created_at DESC, id DESC
		LIMIT $1::bigint OFFSET $2::bigint) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true

-- name: newest-stranger
-- The front page as nearly everybody asks for it.  Not to open favorite and
-- follow, of which a stranger has none, saves a fifth of the time.
SELECT p.*, t.total
FROM (SELECT sum(n)::bigint AS total FROM article_counter) t
LEFT JOIN LATERAL (
	SELECT a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image
	FROM (SELECT * FROM article ORDER BY created_at DESC, id DESC
		LIMIT $1::bigint OFFSET $2::bigint) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true

-- name: by-tag
SELECT p.*, t.total
FROM (SELECT count(*) AS total FROM (SELECT FROM article_tag
	WHERE tag = $4::text LIMIT 10000) few) t
LEFT JOIN LATERAL (
	SELECT a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image,
		(SELECT true FROM favorite WHERE account_id = $3::bigint
			AND article_id = a.id) IS NOT NULL AS favorited,
		(SELECT true FROM follow WHERE follower_id = $3::bigint
			AND followed_id = a.author_id) IS NOT NULL AS following
	FROM (SELECT article_id AS id FROM article_tag WHERE tag = $4::text
		ORDER BY created_at DESC, article_id DESC
		LIMIT $1::bigint OFFSET $2::bigint) k
	CROSS JOIN LATERAL (SELECT * FROM article WHERE id = k.id LIMIT 1) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true

-- name: by-author
SELECT p.*, t.total
FROM (SELECT (SELECT id FROM account
	WHERE lower(username) = lower($4::text)) AS id) u
CROSS JOIN LATERAL (SELECT count(*) AS total FROM (SELECT FROM article
	WHERE author_id = u.id LIMIT 10000) few) t
LEFT JOIN LATERAL (
	SELECT a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image,
		(SELECT true FROM favorite WHERE account_id = $3::bigint
			AND article_id = a.id) IS NOT NULL AS favorited,
		(SELECT true FROM follow WHERE follower_id = $3::bigint
			AND followed_id = a.author_id) IS NOT NULL AS following
	FROM (SELECT * FROM article WHERE author_id = u.id
		ORDER BY created_at DESC, id DESC
		LIMIT $1::bigint OFFSET $2::bigint) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true

-- name: by-favorited
SELECT p.*, t.total
FROM (SELECT (SELECT id FROM account
	WHERE lower(username) = lower($4::text)) AS id) u
CROSS JOIN LATERAL (SELECT count(*) AS total FROM (SELECT FROM favorite
	WHERE account_id = u.id LIMIT 10000) few) t
LEFT JOIN LATERAL (
	SELECT a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image,
		(SELECT true FROM favorite WHERE account_id = $3::bigint
			AND article_id = a.id) IS NOT NULL AS favorited,
		(SELECT true FROM follow WHERE follower_id = $3::bigint
			AND followed_id = a.author_id) IS NOT NULL AS following
	FROM (SELECT one.id FROM (SELECT article_id FROM favorite
			WHERE account_id = u.id
			ORDER BY article_id DESC LIMIT 10000) f
		CROSS JOIN LATERAL (SELECT id, created_at FROM article
			WHERE id = f.article_id LIMIT 1) one
		ORDER BY one.created_at DESC, one.id DESC
		LIMIT $1::bigint OFFSET $2::bigint) k
	CROSS JOIN LATERAL (SELECT * FROM article WHERE id = k.id LIMIT 1) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true

-- name: by-several
-- $4 tag, $5 author, $6 fan: all of those that are given, at least two.
WITH who AS MATERIALIZED (SELECT
	(SELECT id FROM account
		WHERE lower(username) = lower($5::text)) AS author_id,
	(SELECT id FROM account
		WHERE lower(username) = lower($6::text)) AS fan_id),
hit AS MATERIALIZED (
	SELECT a.id, a.created_at FROM who
	CROSS JOIN LATERAL (SELECT article_id FROM favorite
		WHERE $6::text IS NOT NULL AND account_id = who.fan_id
		ORDER BY article_id DESC LIMIT 10000) f
	CROSS JOIN LATERAL (SELECT * FROM article
		WHERE id = f.article_id LIMIT 1) a
	WHERE ($5::text IS NULL OR a.author_id = who.author_id)
		AND ($4::text IS NULL OR $4::text = ANY (a.tag_list))
	UNION ALL
	SELECT a.id, a.created_at FROM who
	CROSS JOIN LATERAL (SELECT * FROM article
		WHERE $6::text IS NULL AND author_id = who.author_id
		ORDER BY created_at DESC, id DESC LIMIT 10000) a
	WHERE $4::text = ANY (a.tag_list))
SELECT p.*, t.total
FROM (SELECT count(*) AS total FROM hit) t
LEFT JOIN LATERAL (
	SELECT a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image,
		(SELECT true FROM favorite WHERE account_id = $3::bigint
			AND article_id = a.id) IS NOT NULL AS favorited,
		(SELECT true FROM follow WHERE follower_id = $3::bigint
			AND followed_id = a.author_id) IS NOT NULL AS following
	FROM (SELECT id FROM hit ORDER BY created_at DESC, id DESC
		LIMIT $1::bigint OFFSET $2::bigint) k
	CROSS JOIN LATERAL (SELECT * FROM article WHERE id = k.id LIMIT 1) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true
