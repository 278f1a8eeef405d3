-- SPDX-License-Identifier: MIT
-- report-list    $1 id of the moderator, $2 status, $3 limit, $4 id of the
--                report that the page comes after
--
-- One row of NULLs: there is none.  slug and title are NULL when the author has
-- taken the article back: what he makes of it since is nobody's.
-- Names: r report, u who reports, a article, c comment, w who has written it.
-- name: newest
WITH me AS MATERIALIZED (SELECT require_role($1::bigint, 'moderator'))
SELECT r.id, r.status, r.reason, r.details, r.resolution, r.created_at,
	r.closed_at, u.username AS reporter, w.username AS author, a.slug,
	a.title, r.comment_id, c.body AS comment,
	CASE WHEN c.id IS NULL THEN a.hidden_at ELSE c.hidden_at END
		IS NOT NULL AS hidden
FROM me
LEFT JOIN LATERAL (SELECT * FROM report WHERE status = $2::text
		AND id < $4::bigint
	ORDER BY id DESC LIMIT $3::bigint) r ON true
LEFT JOIN LATERAL (SELECT username FROM account
	WHERE id = r.reporter_id LIMIT 1) u ON true
LEFT JOIN LATERAL (SELECT CASE WHEN shown THEN slug END AS slug,
		CASE WHEN shown THEN title END AS title, author_id, hidden_at
	FROM (SELECT *, listed_at <= statement_timestamp()
		OR hidden_at IS NOT NULL AS shown
		FROM article WHERE id = r.article_id LIMIT 1) one) a ON true
LEFT JOIN LATERAL (SELECT id, author_id, body, hidden_at FROM comment
	WHERE id = r.comment_id LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT username FROM account
	WHERE id = coalesce(c.author_id, a.author_id) LIMIT 1) w ON true
