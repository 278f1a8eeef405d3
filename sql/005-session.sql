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
	address inet
);
CREATE INDEX session_account ON session (account_id, id);

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
GRANT SELECT, DELETE, INSERT (account_id, expires_at, agent, address),
	UPDATE (ended_at, expires_at, used_at)
	ON session TO :"account";
