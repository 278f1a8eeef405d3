-- SPDX-License-Identifier: MIT
-- user-export    $1 id of the user, $2 the id behind which a step begins
--
-- A step of articles and comments has half a MiB of text at most, or one row.
-- The slug of an article of somebody else says its title, so it is NULL while
-- that is not published.
-- name: account
SELECT id, username, email, email_verified_at AS "emailVerifiedAt", bio, image,
	role, suspended_at AS "suspendedAt", created_at AS "createdAt",
	updated_at AS "updatedAt"
FROM account WHERE id = $1::bigint

-- name: articles
SELECT id, slug, title, description, body, tag_list AS "tagList",
	published_at AS "publishedAt", hidden_at AS "hiddenAt",
	favorites_count AS "favoritesCount",
	comments_count AS "commentsCount", created_at AS "createdAt",
	updated_at AS "updatedAt"
FROM (SELECT *, row_number() OVER w AS n,
		sum(octet_length(body) + octet_length(description)) OVER w
			AS bytes
	FROM (SELECT * FROM article
		WHERE author_id = $1::bigint AND id > $2::bigint
		ORDER BY id LIMIT 100) a
	WINDOW w AS (ORDER BY id)) a
WHERE n = 1 OR bytes <= 524288
ORDER BY id

-- name: comments
SELECT c.id, CASE WHEN a.seen THEN a.slug END AS article,
	c.parent_id AS "parentId", c.body, c.hidden_at AS "hiddenAt",
	c.created_at AS "createdAt", c.updated_at AS "updatedAt"
FROM (SELECT *, row_number() OVER w AS n,
		sum(octet_length(body)) OVER w AS bytes
	FROM (SELECT * FROM comment
		WHERE author_id = $1::bigint AND id > $2::bigint
		ORDER BY id LIMIT 1000) c
	WINDOW w AS (ORDER BY id)) c
CROSS JOIN LATERAL (SELECT slug, listed_at <= statement_timestamp()
		OR author_id = $1::bigint AS seen
	FROM article WHERE id = c.article_id LIMIT 1) a
WHERE n = 1 OR bytes <= 524288
ORDER BY c.id

-- name: favorites
SELECT f.article_id AS id, CASE WHEN a.seen THEN a.slug END AS article,
	f.created_at AS "createdAt"
FROM (SELECT * FROM favorite
	WHERE account_id = $1::bigint AND article_id > $2::bigint
	ORDER BY article_id LIMIT 1000) f
CROSS JOIN LATERAL (SELECT slug, listed_at <= statement_timestamp()
		OR author_id = $1::bigint AS seen
	FROM article WHERE id = f.article_id LIMIT 1) a
ORDER BY f.article_id

-- name: following
SELECT f.followed_id AS id, a.username, f.created_at AS "createdAt"
FROM (SELECT * FROM follow
	WHERE follower_id = $1::bigint AND followed_id > $2::bigint
	ORDER BY followed_id LIMIT 1000) f
CROSS JOIN LATERAL (SELECT username FROM account
	WHERE id = f.followed_id LIMIT 1) a
ORDER BY f.followed_id

-- name: sessions
SELECT id, agent, host(address) AS address, created_at AS "createdAt",
	used_at AS "usedAt", expires_at AS "expiresAt", ended_at AS "endedAt"
FROM session WHERE account_id = $1::bigint AND id > $2::bigint
ORDER BY id LIMIT 1000
