-- SPDX-License-Identifier: MIT
-- article-report    $1 slug, $2 id of who reports, $3 reason, $4 details
--
-- No row: there is no such article.  When his own is open, that is it, as it
-- stands; fresh is false.
-- name: insert
WITH a AS (SELECT id FROM article
	WHERE slug = $1::text AND listed_at <= statement_timestamp())
INSERT INTO report (article_id, reporter_id, reason, details)
SELECT id, $2::bigint, $3::text, nullif($4::text, '') FROM a
ON CONFLICT (article_id, coalesce(comment_id, 0), reporter_id)
	WHERE status = 'open' DO UPDATE SET status = report.status
RETURNING id, status, reason, details, created_at, xmax = 0 AS fresh
