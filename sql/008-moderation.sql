-- SPDX-License-Identifier: MIT
--
-- Moderation: reports, the log of what moderators do, who blocks whom, and what
-- a role may.
--
-- Who may write what.  A writer could delete articles and comments already, so
-- hiding them adds nothing to what it can do; with it go reports and blocks,
-- which are like favourites and follows.  Roles and suspensions say who may do
-- everything else: they stay with account.  A reader sees who blocks whom,
-- since it leaves comments out, but neither who reports whom nor the log.

-- The ranks of account.role: 1, 2, 3.
CREATE FUNCTION role_rank(role text) RETURNS integer
LANGUAGE sql IMMUTABLE
RETURN array_position(ARRAY['user', 'moderator', 'admin'], role);

-- The rank of an account that has at least this role; of any other MF403
-- becomes 403 (base/pg.c), and takes all of the statement along.
--
-- So a statement of moderators begins
--	WITH me AS MATERIALIZED (SELECT require_role($1::bigint, 'moderator'))
-- and ends with FROM me LEFT JOIN what it has found: then the role is asked for
-- whatever is found, and who has none learns nothing of what there is.
CREATE FUNCTION require_role(account_id bigint, needed text) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
DECLARE
	rank integer := (SELECT role_rank(role) FROM account
		WHERE id = account_id AND suspended_at IS NULL);
BEGIN
	IF coalesce(rank, 0) < role_rank(needed) THEN
		RAISE EXCEPTION 'this needs another role'
			USING ERRCODE = 'MF403';
	END IF;
	RETURN rank;
END
$$;

-- The admins, who are locked when a role changes, so that one remains.
CREATE INDEX account_admin ON account (id) WHERE role = 'admin';

-- Suspended: all sessions end, and none begins.  A session that begins at the
-- same time waits for the account's row, or is seen here.
CREATE FUNCTION account_suspended() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	UPDATE session SET ended_at = statement_timestamp()
	WHERE account_id = NEW.id AND ended_at IS NULL;
	RETURN NULL;
END
$$;

CREATE TRIGGER account_suspended AFTER UPDATE OF suspended_at ON account
	FOR EACH ROW WHEN (OLD.suspended_at IS NULL
		AND NEW.suspended_at IS NOT NULL)
	EXECUTE FUNCTION account_suspended();

CREATE FUNCTION session_begins() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
	suspended timestamptz;
BEGIN
	SELECT suspended_at INTO suspended FROM account
	WHERE id = NEW.account_id FOR SHARE;
	IF suspended IS NOT NULL THEN
		RAISE EXCEPTION 'the account is suspended'
			USING ERRCODE = 'MF403';
	END IF;
	RETURN NEW;
END
$$;

CREATE TRIGGER session_begins BEFORE INSERT ON session
	FOR EACH ROW EXECUTE FUNCTION session_begins();

-- What somebody has told the moderators of: an article, or a comment on it.  It
-- goes when that goes.
CREATE TABLE report (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	reporter_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	article_id bigint NOT NULL REFERENCES article ON DELETE CASCADE,
	comment_id bigint,
	reason text NOT NULL
		CHECK (reason IN ('spam', 'abuse', 'illegal', 'other')),
	details text CHECK (char_length(details) <= 1000),
	status text NOT NULL DEFAULT 'open'
		CHECK (status IN ('open', 'closed')),
	resolution text CHECK (resolution IN ('accepted', 'rejected')),
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	closed_at timestamptz,
	FOREIGN KEY (article_id, comment_id)
		REFERENCES comment (article_id, id) ON DELETE CASCADE,
	CHECK ((status = 'closed') = (resolution IS NOT NULL)),
	CHECK ((status = 'closed') = (closed_at IS NOT NULL))
);
-- One open report of a user about a thing; no comment has the id 0.
CREATE UNIQUE INDEX report_open
	ON report (article_id, coalesce(comment_id, 0), reporter_id)
	WHERE status = 'open';
CREATE INDEX report_newest ON report (status, id);
CREATE INDEX report_thing ON report (article_id, comment_id);
CREATE INDEX report_reporter ON report (reporter_id);

-- What moderators have done.  It only grows: nobody may change or delete a row,
-- and none refers to what can go; names are those of that time.
CREATE TABLE moderation_log (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	moderator_id bigint, -- NULL: the owner of the database, by a command
	action text NOT NULL CHECK (action IN ('article-hide',
		'article-unhide', 'comment-hide', 'comment-unhide',
		'report-close', 'user-suspend', 'user-unsuspend', 'user-role')),
	username text NOT NULL CHECK (char_length(username) <= 128), -- of whom
	slug text CHECK (char_length(slug) <= 512),
	comment_id bigint,
	outcome text CHECK (char_length(outcome) <= 20), -- resolution or role
	reason text CHECK (char_length(reason) <= 1000)
);

-- Whom somebody wants nothing to do with.
CREATE TABLE block (
	blocker_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	blocked_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	PRIMARY KEY (blocker_id, blocked_id),
	CONSTRAINT block_not_oneself CHECK (blocker_id <> blocked_id)
);
CREATE INDEX block_blocked ON block (blocked_id);
CREATE INDEX block_newest ON block (blocker_id, created_at, blocked_id);

GRANT SELECT ON block TO :"reader", :"writer";
GRANT DELETE, INSERT (blocker_id, blocked_id) ON block TO :"writer";
GRANT UPDATE (hidden_at) ON article, comment TO :"writer";
GRANT SELECT, INSERT (reporter_id, article_id, comment_id, reason, details),
	UPDATE (status, resolution, closed_at)
	ON report TO :"writer";
GRANT SELECT ON moderation_log TO :"writer";
GRANT INSERT (moderator_id, action, username, slug, comment_id, outcome, reason)
	ON moderation_log TO :"writer", :"account";
REVOKE EXECUTE ON FUNCTION account_suspended(), session_begins() FROM PUBLIC;
