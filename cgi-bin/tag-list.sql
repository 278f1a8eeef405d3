-- SPDX-License-Identifier: MIT
-- tag-list    $1 how many
--
-- One index probe a tag, however many articles have it (a loose index scan):
-- counting or sorting every use would take 30 ms for 100,000 articles.
-- name: in-use
WITH RECURSIVE step AS (
	(SELECT tag FROM article_tag ORDER BY tag LIMIT 1)
	UNION ALL
	SELECT (SELECT t.tag FROM article_tag t
		WHERE t.tag > step.tag ORDER BY t.tag LIMIT 1)
	FROM step WHERE step.tag IS NOT NULL)
SELECT tag FROM step WHERE tag IS NOT NULL LIMIT $1::bigint
