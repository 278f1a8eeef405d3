-- SPDX-License-Identifier: MIT
-- link-delete    $1 slug, $2 owner
--
-- One row when there is such a link: the SELECT sees it as it was before.
-- name: remove-own
WITH gone AS (DELETE FROM link WHERE slug = $1::text AND owner = $2::bigint
	RETURNING slug)
SELECT EXISTS (SELECT FROM gone) AS removed FROM link WHERE slug = $1::text
