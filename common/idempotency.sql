-- SPDX-License-Identifier: MIT
-- idempotency    of a key: its lock, its answer (common/idempotency.h)
--
-- lock and find are two statements: what find sees has to be as new as the lock.
-- store comes before sweep, which waits for nobody: so no two that do both wait
-- for each other.  The row that is there already when one is stored is too old.
-- name: lock
-- $1 number of the lock
SELECT pg_try_advisory_xact_lock($1::bigint) AS locked

-- name: find
-- $1 id, $2 seconds for which it counts
SELECT request, status, kept, headers, type, content
FROM idempotency_key
WHERE id = $1::bytea
    AND created_at > statement_timestamp() - make_interval(secs => $2::integer)

-- name: store
-- $1 id, $2 request, $3 status, $4 kept, $5 headers, $6 type, $7 content
INSERT INTO idempotency_key
    (id, request, status, kept, headers, type, content)
VALUES ($1::bytea, $2::bytea, $3::smallint, $4::text, $5::bytea, $6::text,
    $7::bytea)
ON CONFLICT (id) DO UPDATE
SET request = excluded.request, status = excluded.status,
    kept = excluded.kept, headers = excluded.headers, type = excluded.type,
    content = excluded.content, created_at = excluded.created_at

-- name: sweep
-- $1 seconds for which one counts, $2 how many rows at most
DELETE FROM idempotency_key
WHERE id IN (
    SELECT id
    FROM idempotency_key
    WHERE created_at
        <= statement_timestamp() - make_interval(secs => $1::integer)
    ORDER BY created_at
    LIMIT $2::integer
    FOR UPDATE SKIP LOCKED)
