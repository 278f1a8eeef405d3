-- SPDX-License-Identifier: MIT
-- query    $1 milliseconds
-- name: nap
SELECT pg_sleep($1::double precision / 1000)
