-- SPDX-License-Identifier: MIT
--
-- Sessions: what a token stands for.  A token names its session, and each
-- request that bears one asks for it (common/session.sql), so that ending a
-- session counts at once, however long its tokens would last.

CREATE TABLE session (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	ended_at timestamptz,
	expires_at timestamptz NOT NULL,
	used_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	-- What the account's owner knows it by: User-Agent and address.
	agent text CHECK (char_length(agent) <= 255),
	address inet,
	-- Of one that is refreshed (blog/session.h): the hash of what all its
	-- refresh tokens begin with, that of how the only good one ends, and
	-- since when.
	family bytea UNIQUE CHECK (octet_length(family) = 32),
	refresh bytea CHECK (octet_length(refresh) = 32),
	refreshed_at timestamptz,
	CONSTRAINT session_refreshed CHECK (num_nulls(family, refresh,
		refreshed_at) IN (0, 3))
);
CREATE INDEX session_account ON session (account_id, id);
CREATE INDEX session_until ON session (least(ended_at, expires_at));

-- Whoever begins one sweeps eight that are over.  What another transaction
-- holds is left to the next.
CREATE FUNCTION session_sweep() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	DELETE FROM session
	WHERE id IN (SELECT id FROM session
		WHERE least(ended_at, expires_at) <= statement_timestamp()
		ORDER BY least(ended_at, expires_at) LIMIT 8
		FOR UPDATE SKIP LOCKED);
	RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION session_sweep() FROM PUBLIC;

CREATE TRIGGER session_sweep BEFORE INSERT ON session
	FOR EACH STATEMENT EXECUTE FUNCTION session_sweep();

-- Called for a session that is over.  MF401 becomes 401 (base/pg.c), and takes
-- all that was sent with it along.
CREATE FUNCTION session_over() RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'the session is over' USING ERRCODE = 'MF401';
END
$$;

GRANT SELECT (id, account_id, ended_at, expires_at)
	ON session TO :"reader", :"writer";
GRANT SELECT, DELETE, INSERT (account_id, expires_at, agent, address, family,
		refresh, refreshed_at),
	UPDATE (ended_at, expires_at, used_at, refresh, refreshed_at)
	ON session TO :"account";
