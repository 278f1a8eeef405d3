-- SPDX-License-Identifier: MIT
--
-- Rate limits where there is no mayflyd: what of which quota is used.  Under
-- mayflyd it is in memory (base/rate_table.h), by the same rule.
--
-- UNLOGGED: after a crash of the server all quotas are whole, which is better
-- than to write each attempt of a guesser to disk twice.

CREATE UNLOGGED TABLE rate (
	key bytea PRIMARY KEY CHECK (octet_length(key) = 16),
	-- When all of the quota is back; milliseconds since 1970.
	arrival_ms bigint NOT NULL
) WITH (fillfactor = 50);

-- Take n (1; 0 to look; -1 to give back) of a quota, of which one comes back each
-- step_ms, and all within whole_ms.  full_ms: from now, until all of it is back.
-- Attempts at one key wait for each other at its row, so that no more are allowed
-- than there are.
CREATE FUNCTION rate_take(of bytea, step_ms bigint, whole_ms bigint, n integer,
    OUT allowed boolean, OUT full_ms bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	now_ms bigint := extract(epoch FROM clock_timestamp()) * 1000;
	after_ms bigint;
BEGIN
	IF n > 0 THEN
		INSERT INTO rate AS r (key, arrival_ms)
		VALUES (of, now_ms + n * step_ms)
		ON CONFLICT (key) DO UPDATE
		SET arrival_ms = greatest(r.arrival_ms, now_ms) + n * step_ms
		WHERE greatest(r.arrival_ms, now_ms) + n * step_ms
		    <= now_ms + whole_ms
		RETURNING r.arrival_ms INTO after_ms;
	ELSIF n < 0 THEN
		UPDATE rate SET arrival_ms = arrival_ms + n * step_ms
		WHERE key = of AND arrival_ms > now_ms
		RETURNING arrival_ms INTO after_ms;
	END IF;
	allowed := n <= 0 OR after_ms IS NOT NULL;
	IF after_ms IS NULL THEN
		SELECT arrival_ms INTO after_ms FROM rate WHERE key = of;
	END IF;
	full_ms := greatest(after_ms - now_ms, 0);
	full_ms := coalesce(least(full_ms, whole_ms), 0);

	-- Sweep in passing.  What is locked is in use.
	IF n > 0 AND random() < 0.01 THEN
		DELETE FROM rate WHERE key IN (
			SELECT key FROM rate WHERE arrival_ms < now_ms
			LIMIT 1000 FOR UPDATE SKIP LOCKED);
	END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION rate_take(bytea, bigint, bigint, integer)
	FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rate_take(bytea, bigint, bigint, integer)
	TO :"reader", :"writer", :"account";
