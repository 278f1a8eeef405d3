-- SPDX-License-Identifier: MIT
-- link-create    $1 slug or NULL, $2 url, $3 note or NULL, $4 owner
--
-- No row when the slug is taken.
-- name: insert
INSERT INTO link (slug, url, note, owner)
VALUES (coalesce($1::text, left(gen_random_uuid()::text, 8)), $2::text,
	$3::text, $4::bigint)
ON CONFLICT DO NOTHING
RETURNING slug, url, note, hits, created_at AS "createdAt"
