-- SPDX-License-Identifier: MIT
-- link-list    $1 owner; of page: $2 limit, $3 offset
--
-- name: page
SELECT slug, url, note, hits, created_at AS "createdAt"
FROM link
WHERE owner = $1::bigint
ORDER BY created_at DESC, slug
LIMIT $2::bigint OFFSET $3::bigint

-- name: count
SELECT count(*) AS n FROM link WHERE owner = $1::bigint
