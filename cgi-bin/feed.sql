-- SPDX-License-Identifier: MIT
-- feed    $1 how many, $2 tag or author
--
-- Names and plans as in article-list.sql.

-- name: newest
SELECT a.id, a.slug AS address, a.title, a.description, a.tag_list,
	CASE WHEN octet_length(a.body) <= 65536 THEN a.body END AS body,
	a.listed_at, a.updated_at, to_char(a.listed_at AT TIME ZONE 'UTC',
		'Dy, DD Mon YYYY HH24:MI:SS "+0000"') AS pub_date, w.username
FROM (SELECT * FROM article WHERE listed_at <= statement_timestamp()
	ORDER BY listed_at DESC, id DESC LIMIT $1::bigint) a
CROSS JOIN LATERAL (SELECT username FROM account
	WHERE id = a.author_id LIMIT 1) w

-- name: by-tag
SELECT a.id, a.slug AS address, a.title, a.description, a.tag_list,
	CASE WHEN octet_length(a.body) <= 65536 THEN a.body END AS body,
	a.listed_at, a.updated_at, to_char(a.listed_at AT TIME ZONE 'UTC',
		'Dy, DD Mon YYYY HH24:MI:SS "+0000"') AS pub_date, w.username
FROM (SELECT article_id AS id FROM article_tag WHERE tag = $2::text
		AND listed_at <= statement_timestamp()
	ORDER BY listed_at DESC, article_id DESC LIMIT $1::bigint) k
CROSS JOIN LATERAL (SELECT * FROM article WHERE id = k.id LIMIT 1) a
CROSS JOIN LATERAL (SELECT username FROM account
	WHERE id = a.author_id LIMIT 1) w

-- name: by-author
SELECT a.id, a.slug AS address, a.title, a.description, a.tag_list,
	CASE WHEN octet_length(a.body) <= 65536 THEN a.body END AS body,
	a.listed_at, a.updated_at, to_char(a.listed_at AT TIME ZONE 'UTC',
		'Dy, DD Mon YYYY HH24:MI:SS "+0000"') AS pub_date, w.username
FROM (SELECT id FROM account
	WHERE lower(username) = lower($2::text)) u
CROSS JOIN LATERAL (SELECT * FROM article WHERE author_id = u.id
		AND listed_at <= statement_timestamp()
	ORDER BY listed_at DESC, id DESC LIMIT $1::bigint) a
CROSS JOIN LATERAL (SELECT username FROM account
	WHERE id = a.author_id LIMIT 1) w
