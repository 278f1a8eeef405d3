-- SPDX-License-Identifier: MIT
-- types    the table is made by tests/types.sh; $1 how many bytes
-- name: every
SELECT * FROM test_type ORDER BY id
-- name: odd-names
SELECT 1 AS "say ""hi"" \ there", true AS "two
lines", 'x' AS "schön"
-- name: point
SELECT 1 AS id, point(1, 2) AS place
-- name: square
SELECT 1 AS id, '{{1,2},{3,4}}'::integer[] AS square
-- name: twice
SELECT 1 AS id, 'a' AS name, 2 AS id
-- name: refused
SELECT 1 / (random() * 0)::integer AS id
-- name: long-list
SELECT ARRAY[repeat('x', $1::integer)] AS list
