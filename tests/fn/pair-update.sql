-- SPDX-License-Identifier: MIT
-- pair-update    $1 id, $2 id of the other row, $3 versions or NULL
--
-- The table is made by the tests: tests/lib.sh, pair_table.
-- name: update
UPDATE test_pair SET other = $2::integer
WHERE id = $1::integer
    AND ($3::text[] IS NULL OR coalesce(other, 0)::text = ANY ($3::text[]))
RETURNING id, coalesce(other, 0)::text AS version

-- name: by-id
SELECT id FROM test_pair WHERE id = $1::integer
