-- SPDX-License-Identifier: MIT
-- article-own    $1 limit, $2 offset, $3 and $4 microseconds since 1970 and id of
--                the article that the page comes after, $5 id of the user,
--                $6 draft, scheduled, published, hidden, or NULL for all
--
-- Both halves walk article_author_newest: first what has no listed_at, which
-- stands at 9999999999999998 (the number has to be even: an interval is
-- multiplied as a double), then the rest, whose times are smaller.  Of the first,
-- status is looked for among 10,000.
-- Names as in article-list.sql; m the user himself, o what is not listed.
-- name: by-status
WITH k AS MATERIALIZED (
	(SELECT id, timestamptz 'epoch' + 9999999999999998
			* interval '1 microsecond' AS listed_at
	FROM (SELECT id, hidden_at FROM article
		WHERE $3::bigint >= 9999999999999998
			AND coalesce($6::text IN ('draft', 'hidden'), true)
			AND author_id = $5::bigint AND listed_at IS NULL
			AND id < $4::bigint
		ORDER BY listed_at DESC, id DESC LIMIT 10000) o
	WHERE coalesce((hidden_at IS NULL) = ($6::text = 'draft'), true)
	ORDER BY id DESC LIMIT $1::bigint + $2::bigint)
	UNION ALL
	(SELECT id, listed_at FROM article
	WHERE author_id = $5::bigint
		AND (listed_at, id) < (timestamptz 'epoch'
			+ $3::bigint * interval '1 microsecond', $4::bigint)
		AND listed_at > CASE WHEN $6::text = 'scheduled'
			THEN statement_timestamp() ELSE '-infinity' END
		AND listed_at <= CASE $6::text
			WHEN 'published' THEN statement_timestamp()
			WHEN 'draft' THEN '-infinity'
			WHEN 'hidden' THEN '-infinity'
			ELSE 'infinity' END
	ORDER BY listed_at DESC, id DESC LIMIT $1::bigint + $2::bigint)
	ORDER BY listed_at DESC, id DESC
	LIMIT $1::bigint OFFSET $2::bigint)
SELECT p.*, CASE $6::text WHEN 'draft' THEN draft WHEN 'hidden' THEN hidden
	WHEN 'scheduled' THEN scheduled WHEN 'published' THEN published
	ELSE draft + hidden + scheduled + published END AS total
FROM (SELECT count(*) FILTER (WHERE hidden_at IS NULL) AS draft,
		count(*) FILTER (WHERE hidden_at IS NOT NULL) AS hidden
	FROM (SELECT hidden_at FROM article
		WHERE author_id = $5::bigint AND listed_at IS NULL
		LIMIT 10000) few) o
CROSS JOIN (SELECT count(*) AS scheduled FROM (SELECT FROM article
	WHERE author_id = $5::bigint AND listed_at > statement_timestamp()
	LIMIT 10000) few) s
CROSS JOIN (SELECT (SELECT articles_count FROM account WHERE id = $5::bigint)
	+ (SELECT count(*) FROM article WHERE NOT counted
		AND listed_at <= statement_timestamp()
		AND author_id = $5::bigint) AS published) d
LEFT JOIN LATERAL (
	SELECT a.id, a.slug, a.title, a.description, a.tag_list, a.created_at,
		a.updated_at, a.favorites_count, m.username, m.bio, m.image,
		(SELECT true FROM favorite WHERE account_id = $5::bigint
			AND article_id = a.id) IS NOT NULL AS favorited,
		false AS following, k.listed_at, a.published_at,
		CASE WHEN a.hidden_at IS NOT NULL THEN 'hidden'
			WHEN a.published_at IS NULL THEN 'draft'
			WHEN a.published_at > statement_timestamp()
			THEN 'scheduled' ELSE 'published' END AS status,
		a.version
	FROM k
	CROSS JOIN LATERAL (SELECT * FROM article WHERE id = k.id LIMIT 1) a
	CROSS JOIN LATERAL (SELECT username, bio, image FROM account
		WHERE id = $5::bigint LIMIT 1) m) p ON true
