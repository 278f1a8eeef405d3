-- SPDX-License-Identifier: MIT
--
-- The blog: accounts, articles, and what readers do with them.
--
-- Names are read by C code: account_username_key, account_email_key and
-- article_slug_key tell which value is taken.  Lengths are the last line of
-- defence, wider than what the functions accept; but those of bio and image are
-- such that a page of 100 articles of the largest size fits a reply.
--
-- Both timestamps default to statement_timestamp(), so that a new row has
-- created_at = updated_at.  Lists are ordered by (created_at, id): rows of one
-- moment keep the order in which they were made.

CREATE TABLE account (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	username text NOT NULL
		CHECK (char_length(username) BETWEEN 1 AND 128),
	email text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 320),
	password_hash text NOT NULL
		CHECK (octet_length(password_hash) BETWEEN 1 AND 255),
	bio text CHECK (char_length(bio) <= 2000),
	image text CHECK (char_length(image) <= 2048),
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	updated_at timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE UNIQUE INDEX account_username_key ON account (lower(username));
CREATE UNIQUE INDEX account_email_key ON account (lower(email));

-- The authors of a page are looked up one by one, by id.  A hash index takes a
-- third fewer instructions for it than the primary key's btree (callgrind), and
-- the planner prefers it.  It is written when an account is made, and by an
-- update that changes its name or address or finds no room on its page.
CREATE INDEX account_id_hash ON account USING hash (id);

-- favorites_count is kept by a trigger on favorite.  It stands in no index and
-- pages have room, so that the update stays on the page (HOT).
CREATE TABLE article (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	slug text COLLATE "C" NOT NULL CONSTRAINT article_slug_key UNIQUE
		CHECK (char_length(slug) BETWEEN 1 AND 512),
	author_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 1024),
	description text NOT NULL CHECK (char_length(description) <= 8192),
	body text NOT NULL CHECK (octet_length(body) <= 2097152),
	tag_list text[] NOT NULL DEFAULT '{}'
		CHECK (cardinality(tag_list) <= 100),
	favorites_count integer NOT NULL DEFAULT 0,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	updated_at timestamptz NOT NULL DEFAULT statement_timestamp()
) WITH (fillfactor = 90);
CREATE INDEX article_newest ON article (created_at DESC, id DESC);
CREATE INDEX article_author_newest
	ON article (author_id, created_at DESC, id DESC);

-- One row per tag of an article, written by a trigger on article.  The primary
-- key is the order of a tag's page, and lets the distinct tags be found with
-- one index probe each.
CREATE TABLE article_tag (
	tag text COLLATE "C" NOT NULL
		CHECK (char_length(tag) BETWEEN 1 AND 255),
	created_at timestamptz NOT NULL,
	article_id bigint NOT NULL REFERENCES article ON DELETE CASCADE,
	PRIMARY KEY (tag, created_at, article_id)
);
CREATE INDEX article_tag_article ON article_tag (article_id);

CREATE TABLE favorite (
	account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	article_id bigint NOT NULL REFERENCES article ON DELETE CASCADE,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	PRIMARY KEY (account_id, article_id)
);
CREATE INDEX favorite_article ON favorite (article_id);

CREATE TABLE follow (
	follower_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	followed_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	PRIMARY KEY (follower_id, followed_id),
	CONSTRAINT follow_not_oneself CHECK (follower_id <> followed_id)
);
CREATE INDEX follow_followed ON follow (followed_id);

CREATE TABLE comment (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	article_id bigint NOT NULL REFERENCES article ON DELETE CASCADE,
	author_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	body text NOT NULL CHECK (octet_length(body) BETWEEN 1 AND 262144),
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	updated_at timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE INDEX comment_article ON comment (article_id, id);
CREATE INDEX comment_author ON comment (author_id);

-- How many articles there are: the sum of n.  Counting 100,000 rows takes
-- milliseconds, this one page read.  A backend adds to the shard of its
-- process id, so that concurrent writers seldom wait for each other; one shard
-- alone means nothing and may be negative.
CREATE TABLE article_counter (
	shard smallint PRIMARY KEY CHECK (shard BETWEEN 0 AND 15),
	n bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO article_counter (shard) SELECT generate_series(0, 15);

-- Who may do what: enum fn_role.  An address and a password's hash are for
-- account alone; nobody else can read them, whatever a statement says.
GRANT SELECT (id, username, bio, image) ON account TO :"reader", :"writer";
GRANT SELECT,
	INSERT (username, email, password_hash, bio, image),
	UPDATE (username, email, password_hash, bio, image, updated_at)
	ON account TO :"account";
GRANT SELECT
	ON article, article_tag, article_counter, favorite, follow, comment
	TO :"reader", :"writer";
GRANT DELETE,
	INSERT (slug, author_id, title, description, body, tag_list),
	UPDATE (slug, title, description, body, tag_list, updated_at)
	ON article TO :"writer";
GRANT DELETE, INSERT (account_id, article_id) ON favorite TO :"writer";
GRANT DELETE, INSERT (follower_id, followed_id) ON follow TO :"writer";
GRANT DELETE, INSERT (article_id, author_id, body), UPDATE (body, updated_at)
	ON comment TO :"writer";
