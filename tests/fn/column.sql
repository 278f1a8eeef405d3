-- SPDX-License-Identifier: MIT
-- column    no arguments
-- name: wide
SELECT 1 AS c1, 2 AS c2, 3 AS c3, 4 AS c4, 5 AS c5, 6 AS c6, 7 AS c7,
	8 AS c8, 9 AS c9, 10 AS c10, 11 AS c11, 12 AS c12, 13 AS c13,
	14 AS c14, 15 AS c15, 16 AS c16, 17 AS c17, 18 AS c18, 19 AS c19,
	20 AS c20, 21 AS c21, 22 AS c22, 23 AS c23, 24 AS c24, 25 AS c25,
	26 AS c26, 27 AS c27, 28 AS c28, 29 AS c29, 30 AS c30, 31 AS c31,
	32 AS c32, NULL::text AS none, ''::text AS empty, NULL::integer AS nothing,
	'row ' || n AS name, n AS last
FROM generate_series(1, 2) AS n
