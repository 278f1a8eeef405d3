// SPDX-License-Identifier: MIT
// query -- what all peers ask the database.
//
// The best plain form of each question: the page comes off an index, what
// belongs to its rows is looked up by key, and the count comes in the same
// round trip, as a row of NULLs beside it when the page is empty.  LATERAL with
// LIMIT 1 is what a generic plan needs; a plan for the given values is no worse
// for it.  to_json() saves the drivers the parsing of arrays and times, measured
// at a fifth of Fastify's CPU time.
//
// Who is logged in is found out in a round trip of its own (SESSION), as
// middleware does it, or in the statement itself: withSession.

const WRITER = `CROSS JOIN LATERAL (SELECT username, bio, image FROM account
	WHERE id = a.author_id LIMIT 1) w`;
const COLUMNS = `a.slug, a.title, a.description,
	to_json(a.tag_list) AS tag_list, to_json(a.created_at) AS created_at,
	to_json(a.updated_at) AS updated_at, a.favorites_count,
	w.username, w.bio, w.image`;
const DUE = 'NOT counted AND listed_at <= now()';

// $1 limit, $2 offset
const LIST = `
SELECT t.total, p.*
FROM (SELECT ((SELECT sum(n) FROM article_counter)
	+ (SELECT count(*) FROM article WHERE ${DUE}))::int AS total) t
LEFT JOIN LATERAL (SELECT ${COLUMNS}
	FROM (SELECT * FROM article WHERE listed_at <= now()
		ORDER BY listed_at DESC, id DESC LIMIT $1 OFFSET $2) a
	${WRITER}) p ON true`;

// $1 slug
const ARTICLE = `
SELECT ${COLUMNS}, a.body
FROM article a ${WRITER} WHERE a.slug = $1 AND a.listed_at <= now()`;

// $1 limit, $2 offset, $3 reader
const FEED = `
SELECT t.total, p.*
FROM (SELECT (coalesce(sum(one.articles_count), 0)
	+ (SELECT count(*) FROM article d WHERE ${DUE}
		AND EXISTS (SELECT FROM follow WHERE follower_id = $3
			AND followed_id = d.author_id)))::int AS total
	FROM follow f CROSS JOIN LATERAL (SELECT articles_count FROM account
		WHERE id = f.followed_id LIMIT 1) one
	WHERE f.follower_id = $3) t
LEFT JOIN LATERAL (SELECT ${COLUMNS},
		EXISTS (SELECT FROM favorite WHERE account_id = $3
			AND article_id = a.id) AS favorited, true AS following
	FROM (SELECT e.id, e.listed_at
		FROM (SELECT f.followed_id AS id FROM follow f
			CROSS JOIN LATERAL (SELECT listed_at, id FROM article
				WHERE author_id = f.followed_id
					AND listed_at <= now()
				ORDER BY listed_at DESC, id DESC LIMIT 1) n
			WHERE f.follower_id = $3
			ORDER BY n.listed_at DESC, n.id DESC
			LIMIT $1::bigint + $2::bigint) u
		CROSS JOIN LATERAL (SELECT id, listed_at FROM article
			WHERE author_id = u.id AND listed_at <= now()
			ORDER BY listed_at DESC, id DESC
			LIMIT $1::bigint + $2::bigint) e
		ORDER BY e.listed_at DESC, e.id DESC LIMIT $1 OFFSET $2) k
	CROSS JOIN LATERAL (SELECT * FROM article WHERE id = k.id LIMIT 1) a
	${WRITER}) p ON true`;

// The session with this id of this account.
const live = (id, account) => `EXISTS (SELECT FROM session WHERE id = ${id}
	AND account_id = ${account} AND ended_at IS NULL
	AND expires_at > now())`;

// $1 slug, $2 fan; condition: of the article, in SQL.  The counter is written by
// a trigger, behind the statement.
const favorite = (condition) => `
WITH a AS (SELECT * FROM article WHERE slug = $1 AND (listed_at <= now()
		OR author_id = $2) ${condition} FOR NO KEY UPDATE),
new AS (INSERT INTO favorite (account_id, article_id, listed_at)
	SELECT $2, id, listed_at FROM a ON CONFLICT DO NOTHING RETURNING true)
SELECT ${COLUMNS}, a.body, true AS favorited,
	(SELECT count(*)::int FROM new) AS change,
	EXISTS (SELECT FROM follow WHERE follower_id = $2
		AND followed_id = a.author_id) AS following
FROM a ${WRITER}`;
const unfavorite = (condition) => `
WITH a AS (SELECT * FROM article WHERE slug = $1 AND (listed_at <= now()
		OR author_id = $2) ${condition} FOR NO KEY UPDATE),
old AS (DELETE FROM favorite USING a
	WHERE account_id = $2 AND article_id = a.id RETURNING true)
SELECT ${COLUMNS}, a.body, false AS favorited,
	-(SELECT count(*)::int FROM old) AS change,
	EXISTS (SELECT FROM follow WHERE follower_id = $2
		AND followed_id = a.author_id) AS following
FROM a ${WRITER}`;

const common = {
	list: LIST,
	article: ARTICLE,
	session: `SELECT ${live('$1', '$2')} AS live`,
};
export const separate = {
	...common, feed: FEED, favorite: favorite(''), unfavorite: unfavorite(''),
};
// The id of the session is the last parameter.  No favourite: either it is over
// or there is no such article.
export const withSession = {
	...common,
	feed: `SELECT s.live, f.* FROM (SELECT ${live('$4', '$3')} AS live) s
		LEFT JOIN LATERAL (${FEED}) f ON s.live`,
	favorite: favorite(`AND ${live('$3', '$2')}`),
	unfavorite: unfavorite(`AND ${live('$3', '$2')}`),
};
