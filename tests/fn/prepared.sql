-- SPDX-License-Identifier: MIT
-- prepared
-- name: names
SELECT current_user AS role, name FROM pg_prepared_statements ORDER BY name
