-- SPDX-License-Identifier: MIT
-- gate    $1 id of the row that is a ticket, or of the row that it is for
--
-- The table is made by the tests: tests/lib.sh, pair_table.
-- name: burn
DELETE FROM test_pair WHERE id = $1::integer RETURNING id

-- name: work
INSERT INTO test_pair (id) VALUES ($1::integer + 1)
