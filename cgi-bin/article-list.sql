-- SPDX-License-Identifier: MIT
-- article-list    $1 limit, $2 offset, $3 and $4 microseconds since 1970 and id
--                 of the article that the page comes after, $5 id of the viewer
--                 or NULL, and what to filter by: $6 tag, or name of the author
--                 or of the fan, whose favourites they are
--
-- One statement for each single filter, so that each has its own plan, walks
-- its own index from the place that $3 and $4 say, and stops after the page; one
-- more for combinations.  What is listed later than now is scheduled: least()
-- keeps it out, whatever $3 says.  LEFT JOIN keeps the count's row when the page
-- is empty.  LATERAL with LIMIT 1 leaves the planner no join but looking rows up
-- one by one: no whole table is hashed for twenty rows, and the page keeps its
-- order without being sorted again.
-- A count is a counter, and what has become due since it was last written; that
-- of favourites stops at 10,000, and so does what by-several searches.
-- Names: t total, p page, k its keys, a article, w writer, u user.

-- name: newest
SELECT p.*, t.total
FROM (SELECT (SELECT sum(n) FROM article_counter)::bigint + (SELECT count(*)
	FROM article WHERE NOT counted AND listed_at <= statement_timestamp())
	AS total) t
LEFT JOIN LATERAL (
	SELECT a.id, a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image,
		(SELECT true FROM favorite WHERE account_id = $5::bigint
			AND article_id = a.id) IS NOT NULL AS favorited,
		(SELECT true FROM follow WHERE follower_id = $5::bigint
			AND followed_id = a.author_id) IS NOT NULL AS following,
		a.listed_at
	FROM (SELECT * FROM article WHERE (listed_at, id) < (least(timestamptz 'epoch'
			+ $3::bigint * interval '1 microsecond',
			statement_timestamp()), $4::bigint)
		ORDER BY listed_at DESC, id DESC
		LIMIT $1::bigint OFFSET $2::bigint) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true

-- name: newest-stranger
-- The front page as nearly everybody asks for it.  Not to open favorite and
-- follow, of which a stranger has none, saves a fifth of the time.
SELECT p.*, t.total
FROM (SELECT (SELECT sum(n) FROM article_counter)::bigint + (SELECT count(*)
	FROM article WHERE NOT counted AND listed_at <= statement_timestamp())
	AS total) t
LEFT JOIN LATERAL (
	SELECT a.id, a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image,
		a.listed_at
	FROM (SELECT * FROM article WHERE (listed_at, id) < (least(timestamptz 'epoch'
			+ $3::bigint * interval '1 microsecond',
			statement_timestamp()), $4::bigint)
		ORDER BY listed_at DESC, id DESC
		LIMIT $1::bigint OFFSET $2::bigint) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true

-- name: by-tag
SELECT p.*, t.total
FROM (SELECT coalesce((SELECT articles_count FROM tag WHERE tag = $6::text), 0)
	+ (SELECT count(*) FROM article WHERE NOT counted
		AND listed_at <= statement_timestamp()
		AND $6::text = ANY (tag_list)) AS total) t
LEFT JOIN LATERAL (
	SELECT a.id, a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image,
		(SELECT true FROM favorite WHERE account_id = $5::bigint
			AND article_id = a.id) IS NOT NULL AS favorited,
		(SELECT true FROM follow WHERE follower_id = $5::bigint
			AND followed_id = a.author_id) IS NOT NULL AS following,
		a.listed_at
	FROM (SELECT article_id AS id FROM article_tag WHERE tag = $6::text
			AND (listed_at, article_id) < (least(timestamptz 'epoch'
			+ $3::bigint * interval '1 microsecond',
			statement_timestamp()), $4::bigint)
		ORDER BY listed_at DESC, article_id DESC
		LIMIT $1::bigint OFFSET $2::bigint) k
	CROSS JOIN LATERAL (SELECT * FROM article WHERE id = k.id LIMIT 1) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true

-- name: by-author
SELECT p.*, coalesce(u.articles_count, 0) + t.due AS total
FROM (SELECT) one
LEFT JOIN LATERAL (SELECT id, articles_count FROM account
	WHERE lower(username) = lower($6::text) LIMIT 1) u ON true
CROSS JOIN LATERAL (SELECT count(*) AS due FROM article WHERE NOT counted
	AND listed_at <= statement_timestamp() AND author_id = u.id) t
LEFT JOIN LATERAL (
	SELECT a.id, a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image,
		(SELECT true FROM favorite WHERE account_id = $5::bigint
			AND article_id = a.id) IS NOT NULL AS favorited,
		(SELECT true FROM follow WHERE follower_id = $5::bigint
			AND followed_id = a.author_id) IS NOT NULL AS following,
		a.listed_at
	FROM (SELECT * FROM article WHERE author_id = u.id
			AND (listed_at, id) < (least(timestamptz 'epoch'
			+ $3::bigint * interval '1 microsecond',
			statement_timestamp()), $4::bigint)
		ORDER BY listed_at DESC, id DESC
		LIMIT $1::bigint OFFSET $2::bigint) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true

-- name: by-favorited
SELECT p.*, t.total
FROM (SELECT (SELECT id FROM account
	WHERE lower(username) = lower($6::text)) AS id) u
CROSS JOIN LATERAL (SELECT count(*) AS total FROM (SELECT FROM favorite
	WHERE account_id = u.id AND listed_at <= statement_timestamp()
	LIMIT 10000) few) t
LEFT JOIN LATERAL (
	SELECT a.id, a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image,
		(SELECT true FROM favorite WHERE account_id = $5::bigint
			AND article_id = a.id) IS NOT NULL AS favorited,
		(SELECT true FROM follow WHERE follower_id = $5::bigint
			AND followed_id = a.author_id) IS NOT NULL AS following,
		a.listed_at
	FROM (SELECT article_id AS id FROM favorite WHERE account_id = u.id
			AND (listed_at, article_id) < (least(timestamptz 'epoch'
			+ $3::bigint * interval '1 microsecond',
			statement_timestamp()), $4::bigint)
		ORDER BY listed_at DESC, article_id DESC
		LIMIT $1::bigint OFFSET $2::bigint) k
	CROSS JOIN LATERAL (SELECT * FROM article WHERE id = k.id LIMIT 1) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true

-- name: by-several
-- $6 tag, $7 author, $8 fan: all of those that are given, at least two.
WITH who AS MATERIALIZED (SELECT
	(SELECT id FROM account
		WHERE lower(username) = lower($7::text)) AS author_id,
	(SELECT id FROM account
		WHERE lower(username) = lower($8::text)) AS fan_id),
hit AS MATERIALIZED (
	SELECT a.id, a.listed_at FROM who
	CROSS JOIN LATERAL (SELECT article_id FROM favorite
		WHERE $8::text IS NOT NULL AND account_id = who.fan_id
			AND listed_at <= statement_timestamp()
		ORDER BY listed_at DESC, article_id DESC LIMIT 10000) f
	CROSS JOIN LATERAL (SELECT * FROM article
		WHERE id = f.article_id LIMIT 1) a
	WHERE ($7::text IS NULL OR a.author_id = who.author_id)
		AND ($6::text IS NULL OR $6::text = ANY (a.tag_list))
	UNION ALL
	SELECT a.id, a.listed_at FROM who
	CROSS JOIN LATERAL (SELECT * FROM article
		WHERE $8::text IS NULL AND author_id = who.author_id
			AND listed_at <= statement_timestamp()
		ORDER BY listed_at DESC, id DESC LIMIT 10000) a
	WHERE $6::text = ANY (a.tag_list))
SELECT p.*, t.total
FROM (SELECT count(*) AS total FROM hit) t
LEFT JOIN LATERAL (
	SELECT a.id, a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image,
		(SELECT true FROM favorite WHERE account_id = $5::bigint
			AND article_id = a.id) IS NOT NULL AS favorited,
		(SELECT true FROM follow WHERE follower_id = $5::bigint
			AND followed_id = a.author_id) IS NOT NULL AS following,
		a.listed_at
	FROM (SELECT id FROM hit WHERE (listed_at, id) < (least(timestamptz 'epoch'
			+ $3::bigint * interval '1 microsecond',
			statement_timestamp()), $4::bigint)
		ORDER BY listed_at DESC, id DESC
		LIMIT $1::bigint OFFSET $2::bigint) k
	CROSS JOIN LATERAL (SELECT * FROM article WHERE id = k.id LIMIT 1) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true

-- name: search
-- $3 viewer, $4 words, $5 tag, $6 author, $7 whether a word may be another that is
-- like it (search_query() in sql/010-search.sql).
--
-- Of what is found at most 1,000 are ranked.  An index for words gives them in no
-- order, and all of them before the first; so a word that many have is looked
-- for in the newest 2,000 first, which nearly always is enough of them.
-- MATERIALIZED is planned for all rows, so by the index, and read only as far as
-- LIMIT wants.
WITH asked AS MATERIALIZED (SELECT search_query($4::text, $5::text,
	CASE WHEN $6::text IS NOT NULL THEN coalesce((SELECT id FROM account
		WHERE lower(username) = lower($6::text)), 0) END,
	$7::boolean) AS q),
newest AS MATERIALIZED (
	SELECT s.article_id, s.listed_at, s.document
	FROM (SELECT id FROM article WHERE $5::text IS NULL AND $6::text IS NULL
			AND listed_at <= statement_timestamp()
		ORDER BY listed_at DESC, id DESC LIMIT 2000) a
	CROSS JOIN LATERAL (SELECT * FROM article_search
		WHERE article_id = a.id LIMIT 1) s
	WHERE s.document @@ (SELECT q FROM asked)),
rest AS MATERIALIZED (
	SELECT article_id, listed_at, document FROM article_search
	WHERE document @@ (SELECT q FROM asked)
		AND listed_at <= statement_timestamp()),
hit AS MATERIALIZED (
	SELECT article_id, listed_at, ts_rank(document,
		(SELECT q FROM asked)) AS rank
	FROM (SELECT * FROM newest UNION ALL SELECT * FROM rest
		WHERE article_id NOT IN (SELECT article_id FROM newest)
		LIMIT 1000) few)
SELECT p.*, t.total
FROM (SELECT count(*) AS total FROM hit) t
LEFT JOIN LATERAL (
	SELECT a.id, a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image,
		(SELECT true FROM favorite WHERE account_id = $3::bigint
			AND article_id = a.id) IS NOT NULL AS favorited,
		(SELECT true FROM follow WHERE follower_id = $3::bigint
			AND followed_id = a.author_id) IS NOT NULL AS following,
		a.listed_at
	FROM (SELECT article_id AS id FROM hit
		ORDER BY rank DESC, listed_at DESC, article_id DESC
		LIMIT $1::bigint OFFSET $2::bigint) k
	CROSS JOIN LATERAL (SELECT * FROM article WHERE id = k.id LIMIT 1) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true
