-- SPDX-License-Identifier: MIT
--
-- What keeping an account needs beside sessions: mails that wait to be sent, and
-- the tokens in them.

-- What stands in a mail, so that whoever has it reads what is sent to that
-- address; the hash of it (common/secret.h).  One of a kind for each account:
-- the newest.  It is deleted when it is used.  A row without an account is that
-- of an address nobody has: asking for a reset does the same work for both.
CREATE TABLE mail_token (
	account_id bigint REFERENCES account ON DELETE CASCADE,
	kind text NOT NULL CHECK (kind IN ('verify-email', 'reset-password')),
	hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
	email text NOT NULL CHECK (char_length(email) BETWEEN 1 AND 320),
	expires_at timestamptz NOT NULL,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	CONSTRAINT mail_token_newest UNIQUE (account_id, kind)
);
CREATE INDEX mail_token_over ON mail_token (expires_at);

-- Mails, for whoever sends them:
--
--	SELECT ... FROM outbox WHERE sent_at IS NULL AND next_at <= now()
--	ORDER BY next_at LIMIT n FOR UPDATE SKIP LOCKED
--
-- payload is what the text is made from, {"username", "token", "expiresAt"}, the
-- token itself among it.  So it goes when the mail is sent: no row with both
-- sent_at and a payload can be stored.  What is not sent in a week is deleted,
-- when the token is long over.  Functions write here and cannot read.
CREATE TABLE outbox (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	account_id bigint REFERENCES account ON DELETE CASCADE,
	kind text NOT NULL CHECK (kind IN ('verify-email', 'reset-password',
		'password-changed', 'email-changed', 'account-deleted')),
	recipient text NOT NULL CHECK (char_length(recipient) BETWEEN 1 AND 320),
	payload jsonb CHECK (octet_length(payload::text) <= 4096),
	attempts integer NOT NULL DEFAULT 0,
	next_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	error text CHECK (char_length(error) <= 1000),
	sent_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	CONSTRAINT outbox_cleared CHECK ((sent_at IS NULL) <> (payload IS NULL))
);
CREATE INDEX outbox_due ON outbox (next_at) WHERE sent_at IS NULL;
CREATE INDEX outbox_account ON outbox (account_id)
	WHERE account_id IS NOT NULL;

-- Whoever writes here sweeps eight that are over; what another transaction holds
-- is left to the next.
CREATE FUNCTION mail_sweep() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	IF TG_TABLE_NAME = 'outbox' THEN
		DELETE FROM outbox
		WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT 8
			FOR UPDATE SKIP LOCKED)
		AND created_at < statement_timestamp() - interval '7 days';
	ELSE
		DELETE FROM mail_token
		WHERE hash IN (SELECT hash FROM mail_token
			WHERE expires_at <= statement_timestamp()
			ORDER BY expires_at LIMIT 8
			FOR UPDATE SKIP LOCKED);
	END IF;
	RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION mail_sweep() FROM PUBLIC;

CREATE TRIGGER mail_token_sweep BEFORE INSERT ON mail_token
	FOR EACH STATEMENT EXECUTE FUNCTION mail_sweep();
CREATE TRIGGER outbox_sweep BEFORE INSERT ON outbox
	FOR EACH STATEMENT EXECUTE FUNCTION mail_sweep();

-- Send a mail with a secret to the account's address, or, for an account that is
-- NULL, do the same work for the address and send none.
CREATE FUNCTION mail_secret(whose bigint, mail_kind text, asked text,
	token text, token_hash bytea, lasts interval) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
	until timestamptz := statement_timestamp() + lasts;
	name text;
	address text;
BEGIN
	SELECT username, email INTO name, address FROM account WHERE id = whose;
	address := coalesce(address, asked);
	INSERT INTO mail_token (account_id, kind, hash, email, expires_at)
	VALUES (whose, mail_kind, token_hash, address, until)
	ON CONFLICT ON CONSTRAINT mail_token_newest DO UPDATE
	SET hash = excluded.hash, email = excluded.email,
	    expires_at = excluded.expires_at,
	    created_at = statement_timestamp();
	INSERT INTO outbox (account_id, kind, recipient, payload, sent_at)
	VALUES (whose, mail_kind, address,
	    CASE WHEN whose IS NOT NULL THEN jsonb_build_object(
		'username', name, 'token', token, 'expiresAt', until) END,
	    CASE WHEN whose IS NULL THEN statement_timestamp() END);
END
$$;
REVOKE EXECUTE ON FUNCTION mail_secret(bigint, text, text, text, bytea, interval)
	FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mail_secret(bigint, text, text, text, bytea, interval)
	TO :"account";

-- The articles of an author, drafts too, in an order that nothing changes: for
-- the export.
CREATE INDEX article_author ON article (author_id, id);

-- Insert with ON CONFLICT reads, too; nobody reads the outbox.
GRANT SELECT, DELETE, INSERT (account_id, kind, hash, email, expires_at),
	UPDATE (hash, email, expires_at, created_at)
	ON mail_token TO :"account";
GRANT INSERT (account_id, kind, recipient, payload, sent_at)
	ON outbox TO :"account";
-- For the export, and for deleting an account.
GRANT SELECT, DELETE ON article, favorite, follow, comment TO :"account";
-- For FOR NO KEY UPDATE; nothing writes it here.
GRANT UPDATE (updated_at) ON article TO :"account";
