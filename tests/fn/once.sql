-- SPDX-License-Identifier: MIT
-- once    $1 id, $2 id of another row, which must be there at the commit
--
-- The table is made by the tests: tests/lib.sh, pair_table.
-- name: insert
INSERT INTO test_pair (id, other) VALUES ($1::integer, $2::integer)
RETURNING id, clock_timestamp() AS at

-- name: wait
-- $1 seconds
SELECT pg_sleep($1::float8)::text AS slept
