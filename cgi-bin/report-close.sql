-- SPDX-License-Identifier: MIT
-- report-close    $1 id of the moderator, $2 id of the report, $3 resolution
--
-- found says whether there is such a report; id is NULL when it was closed.
-- name: close-it
WITH me AS MATERIALIZED (SELECT require_role($1::bigint, 'moderator')),
was AS (SELECT id, status FROM report WHERE id = $2::bigint FOR NO KEY UPDATE),
r AS (UPDATE report SET status = 'closed', resolution = $3::text,
		closed_at = statement_timestamp()
	FROM was WHERE report.id = was.id AND was.status = 'open'
	RETURNING report.*),
f AS (SELECT r.*, u.username AS reporter, w.username AS author, a.slug, a.title,
		c.body AS comment,
		CASE WHEN c.id IS NULL THEN a.hidden_at ELSE c.hidden_at END
			IS NOT NULL AS hidden
	FROM r
	LEFT JOIN LATERAL (SELECT username FROM account
		WHERE id = r.reporter_id LIMIT 1) u ON true
	LEFT JOIN LATERAL (SELECT CASE WHEN shown THEN slug END AS slug,
			CASE WHEN shown THEN title END AS title, author_id,
			hidden_at
		FROM (SELECT *, listed_at <= statement_timestamp()
			OR hidden_at IS NOT NULL AS shown
			FROM article WHERE id = r.article_id LIMIT 1) one) a
		ON true
	LEFT JOIN LATERAL (SELECT id, author_id, body, hidden_at FROM comment
		WHERE id = r.comment_id LIMIT 1) c ON true
	LEFT JOIN LATERAL (SELECT username FROM account
		WHERE id = coalesce(c.author_id, a.author_id) LIMIT 1) w
		ON true),
line AS (INSERT INTO moderation_log (moderator_id, action, username, slug,
		comment_id, outcome)
	SELECT $1::bigint, 'report-close', author, slug, comment_id, resolution
	FROM f)
SELECT was.id IS NOT NULL AS found, f.id, f.status, f.reason, f.details,
	f.resolution, f.created_at, f.closed_at, f.reporter, f.author, f.slug,
	f.title, f.comment_id, f.comment, f.hidden
FROM me
LEFT JOIN was ON true
LEFT JOIN f ON true
