-- SPDX-License-Identifier: MIT
-- link-follow    $1 slug
--
-- name: hit
UPDATE link SET hits = hits + 1 WHERE slug = $1::text RETURNING url
