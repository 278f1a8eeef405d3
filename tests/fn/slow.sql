-- SPDX-License-Identifier: MIT
-- slow    $1 milliseconds
-- name: nap
SELECT pg_sleep($1::double precision / 1000)
