-- SPDX-License-Identifier: MIT
--
-- Memoize keeps rows that a join may look up again.  The functions' statements
-- look up the authors of a page, hardly one of them twice, and filling that
-- cache took a tenth of the feed's time in PostgreSQL.  Statements are written
-- so that the planner has no other join to choose (LATERAL with LIMIT 1).

ALTER ROLE mayfly_function SET enable_memoize = off;
