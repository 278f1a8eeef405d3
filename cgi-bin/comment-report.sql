-- SPDX-License-Identifier: MIT
-- comment-report    $1 slug, $2 id of who reports, $3 reason, $4 details, $5 id
--                   of the comment
--
-- No row: there is no such article.  Of NULLs: it has no such comment.  When his
-- own report is open, that is it, as it stands; fresh is false.
-- name: insert
WITH a AS (SELECT id FROM article
	WHERE slug = $1::text AND listed_at <= statement_timestamp()),
r AS (INSERT INTO report (article_id, comment_id, reporter_id, reason, details)
	SELECT a.id, c.id, $2::bigint, $3::text, nullif($4::text, '')
	FROM a CROSS JOIN LATERAL (SELECT id FROM comment
		WHERE article_id = a.id AND id = $5::bigint
			AND hidden_at IS NULL LIMIT 1) c
	ON CONFLICT (article_id, coalesce(comment_id, 0), reporter_id)
		WHERE status = 'open' DO UPDATE SET status = report.status
	RETURNING id, status, reason, details, created_at, xmax = 0 AS fresh)
SELECT r.* FROM a LEFT JOIN r ON true
