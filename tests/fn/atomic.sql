-- SPDX-License-Identifier: MIT
-- atomic    $1 id, $2 id of another row, which must be there at the commit
--
-- The table is made by the tests: tests/lib.sh, pair_table.
-- name: first
INSERT INTO test_pair (id) VALUES ($1::integer)

-- name: insert
INSERT INTO test_pair (id, other) VALUES ($1::integer, $2::integer)
RETURNING id
