-- SPDX-License-Identifier: MIT
-- sitemap    $1 articles of a part, $2 number of the part
--
-- A part is a range of ids, so that it stays the same, and costs what it holds.
-- name: parts
SELECT n AS part FROM generate_series(1::bigint, least(50000, 1 +
	(SELECT coalesce(max(id), 0) FROM article) / $1::bigint)) AS n
WHERE n = 1 OR EXISTS (SELECT FROM article
	WHERE id >= (n - 1) * $1::bigint AND id < n * $1::bigint
		AND listed_at <= statement_timestamp())

-- name: part
SELECT slug AS address, greatest(updated_at, listed_at) AS changed_at FROM article
WHERE id >= ($2::bigint - 1) * $1::bigint AND id < $2::bigint * $1::bigint
	AND listed_at <= statement_timestamp()
ORDER BY id
