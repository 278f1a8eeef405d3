-- SPDX-License-Identifier: MIT
-- session-refresh    $1 hash of the token's family, $2 of its secret, $3 of the
--                    next, $4 seconds until that must be refreshed, $5 that the
--                    session lasts in all, $6 when the request was sent, in
--                    milliseconds since 1970
--
-- No row: no session of this family goes on.  Requests with one token wait for
-- each other here.  The first finds it good; another finds it spent: since it
-- was sent, and goes without, or before, and the session ends: it is stolen.
-- name: refresh
WITH s AS (SELECT id, account_id, refresh = $2::bytea AS good,
		refresh <> $2::bytea AND refreshed_at < timestamptz 'epoch'
			+ $6::bigint * interval '1 millisecond' AS stolen
	FROM session
	WHERE family = $1::bytea AND ended_at IS NULL
	AND expires_at > statement_timestamp()
	FOR UPDATE),
a AS (SELECT s.id AS session_id, s.account_id, s.good, s.stolen, w.username,
		w.email, w.bio, w.image, w.suspended
	FROM s CROSS JOIN LATERAL (SELECT username, email, bio, image,
			suspended_at IS NOT NULL AS suspended
		FROM account WHERE id = s.account_id LIMIT 1) w),
spent AS (UPDATE session
	SET refresh = $3::bytea, refreshed_at = clock_timestamp(),
		used_at = statement_timestamp(),
		expires_at = least(
			statement_timestamp() + $4::bigint * interval '1 second',
			created_at + $5::bigint * interval '1 second')
	FROM a WHERE session.id = a.session_id AND a.good AND NOT a.suspended),
over AS (UPDATE session SET ended_at = statement_timestamp()
	FROM a WHERE session.id = a.session_id AND a.stolen)
SELECT session_id, account_id, good, stolen, suspended, username, email, bio,
	image
FROM a
