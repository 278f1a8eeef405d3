-- SPDX-License-Identifier: MIT
-- together    $1 id, $2 id of another row, which must be there at the commit
-- name: insert
INSERT INTO test_pair (id, other) VALUES ($1::integer, $2::integer)
RETURNING id
