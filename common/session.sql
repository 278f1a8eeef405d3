-- SPDX-License-Identifier: MIT
-- session    $1 id of the session, $2 id of its account
--
-- Goes before the first query of a request that bears a token (db.c), in the
-- same transaction: when the session is over nothing of it happens.
-- name: check
SELECT CASE WHEN EXISTS (SELECT FROM session WHERE id = $1::bigint
	AND account_id = $2::bigint AND ended_at IS NULL
	AND expires_at > statement_timestamp())
THEN true ELSE session_over() END
