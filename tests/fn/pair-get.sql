-- SPDX-License-Identifier: MIT
-- pair-get    $1 id
--
-- The table is made by the tests: tests/lib.sh, pair_table.  What the version
-- is of does not change with the count.
-- name: by-id
SELECT id, coalesce(other, 0)::text AS version,
    (SELECT count(*) FROM test_pair) AS pairs
FROM test_pair
WHERE id = $1::integer
