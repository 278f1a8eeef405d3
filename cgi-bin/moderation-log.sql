-- SPDX-License-Identifier: MIT
-- moderation-log    $1 id of the moderator, $2 limit, $3 id of the line that the
--                   page comes after
--
-- One row of NULLs: there is none.
-- name: newest
WITH me AS MATERIALIZED (SELECT require_role($1::bigint, 'moderator'))
SELECT l.id, l.created_at, m.username AS moderator, l.action, l.username,
	l.slug, l.comment_id, l.outcome, l.reason
FROM me
LEFT JOIN LATERAL (SELECT * FROM moderation_log WHERE id < $3::bigint
	ORDER BY id DESC LIMIT $2::bigint) l ON true
LEFT JOIN LATERAL (SELECT username FROM account
	WHERE id = l.moderator_id LIMIT 1) m ON true
