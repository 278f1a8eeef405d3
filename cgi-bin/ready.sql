-- SPDX-License-Identifier: MIT
-- ready    no arguments
-- name: select-one
SELECT 1 AS one
