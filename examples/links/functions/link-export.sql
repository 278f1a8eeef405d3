-- SPDX-License-Identifier: MIT
-- link-export    $1 owner
--
-- name: all
SELECT slug, url, note, hits, created_at AS "createdAt"
FROM link
WHERE owner = $1::bigint
ORDER BY created_at DESC, slug
