-- SPDX-License-Identifier: MIT
-- article-feed    $1 limit, $2 offset, $3 and $4 microseconds since 1970 and id
--                 of the article that the page comes after, $5 id of the reader
--
-- The newest article of each author followed says which authors the page can
-- come from, and since when; only of those more is read.  So an author who is
-- followed costs one probe of an index.  Who follows a thousand of them finds
-- the page sooner among the newest articles of all: of 2,000 rows, which cost
-- about as much as a thousand probes, whoever they are by.  Where that does not
-- fill the page, the probes do.
-- Names as in article-list.sql; f whom the reader follows, n the newest.
-- name: followed
WITH place AS MATERIALIZED (
	SELECT least(timestamptz 'epoch' + $3::bigint * interval '1 microsecond',
		statement_timestamp()) AS time),
recent AS MATERIALIZED (
	SELECT id, listed_at
	FROM (SELECT id, listed_at, author_id FROM article
		WHERE (listed_at, id) < ((SELECT time FROM place), $4::bigint)
		ORDER BY listed_at DESC, id DESC LIMIT 2000) r
	WHERE (SELECT count(*) FROM (SELECT FROM follow
			WHERE follower_id = $5::bigint LIMIT 1000) few) = 1000
		AND (SELECT true FROM follow WHERE follower_id = $5::bigint
			AND followed_id = r.author_id) IS NOT NULL
	LIMIT $1::bigint + $2::bigint),
enough AS MATERIALIZED (
	SELECT count(*) = $1::bigint + $2::bigint AS yes FROM recent),
u AS MATERIALIZED (
	SELECT f.followed_id AS id, n.listed_at FROM follow f
	CROSS JOIN LATERAL (SELECT listed_at, id FROM article
		WHERE author_id = f.followed_id
			AND (listed_at, id) < ((SELECT time FROM place),
				$4::bigint)
		ORDER BY listed_at DESC, id DESC LIMIT 1) n
	WHERE f.follower_id = $5::bigint AND NOT (SELECT yes FROM enough)
	ORDER BY n.listed_at DESC, n.id DESC LIMIT $1::bigint + $2::bigint),
since AS MATERIALIZED (
	SELECT CASE WHEN count(*) = $1::bigint + $2::bigint
		THEN min(listed_at) ELSE '-infinity' END AS time FROM u),
k AS MATERIALIZED (
	SELECT id, listed_at FROM recent WHERE (SELECT yes FROM enough)
	UNION ALL
	SELECT a.id, a.listed_at FROM u
	CROSS JOIN LATERAL (SELECT id, listed_at FROM article
		WHERE author_id = u.id
			AND (listed_at, id) < ((SELECT time FROM place),
				$4::bigint)
			AND listed_at >= (SELECT time FROM since)
		ORDER BY listed_at DESC, id DESC
		LIMIT $1::bigint + $2::bigint) a
	ORDER BY listed_at DESC, id DESC
	LIMIT $1::bigint OFFSET $2::bigint)
SELECT p.*, t.total
FROM (SELECT coalesce(sum(one.articles_count), 0)::bigint
	+ (SELECT count(*) FROM article d WHERE NOT counted
		AND listed_at <= statement_timestamp()
		AND EXISTS (SELECT FROM follow WHERE follower_id = $5::bigint
			AND followed_id = d.author_id)) AS total
	FROM follow f CROSS JOIN LATERAL (SELECT articles_count FROM account
		WHERE id = f.followed_id LIMIT 1) one
	WHERE f.follower_id = $5::bigint) t
LEFT JOIN LATERAL (
	SELECT a.id, a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, w.username, w.bio, w.image,
		(SELECT true FROM favorite WHERE account_id = $5::bigint
			AND article_id = a.id) IS NOT NULL AS favorited,
		true AS following, a.listed_at
	FROM k
	CROSS JOIN LATERAL (SELECT * FROM article WHERE id = k.id LIMIT 1) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = a.author_id LIMIT 1) w) p ON true
