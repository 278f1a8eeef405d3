-- SPDX-License-Identifier: MIT
--
-- The blog: accounts, articles, and what readers do with them.
--
-- Names are read by C code: account_username_key, account_email_key and
-- article_slug_key tell which value is taken.  Lengths are the last line of
-- defence, wider than what the functions accept; but those of bio and image are
-- such that a page of 100 articles of the largest size fits a reply.
--
-- All timestamps default to statement_timestamp(), so that a new row has
-- created_at = updated_at, and is listed at once.

CREATE TABLE account (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	username text NOT NULL
		CHECK (char_length(username) BETWEEN 1 AND 128),
	email text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 320),
	password_hash text NOT NULL
		CHECK (octet_length(password_hash) BETWEEN 1 AND 255),
	bio text CHECK (char_length(bio) <= 5000),
	image text CHECK (char_length(image) <= 2048),
	role text NOT NULL DEFAULT 'user'
		CHECK (role IN ('user', 'moderator', 'admin')),
	email_verified_at timestamptz,
	-- By a moderator: no session of it counts, none can be begun.
	suspended_at timestamptz,
	-- Its articles that are counted, kept by a trigger on article.
	articles_count integer NOT NULL DEFAULT 0,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	updated_at timestamptz NOT NULL DEFAULT statement_timestamp()
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX account_username_key ON account (lower(username));
CREATE UNIQUE INDEX account_email_key ON account (lower(email));

-- The authors of a page are looked up one by one, by id.  A hash index takes a
-- third fewer instructions for it than the primary key's btree (callgrind), and
-- the planner prefers it.  It is written when an account is made, and by an
-- update that changes its name or address or finds no room on its page.
CREATE INDEX account_id_hash ON account USING hash (id);

-- An article is a draft (published_at is NULL), scheduled (it is ahead) or
-- published.  listed_at is what every list is ordered by and asks for: NULL for
-- a draft and for what a moderator has hidden, ahead for what is scheduled.
--
-- counted says that the article is in the counters: it was listed, and due, when
-- somebody last wrote.  What has become due since is found by article_due, of
-- which there is little at any time, and is added to each count; the next who
-- writes an article folds it in (003-blog-trigger.sql).
--
-- The counts here stand in no index and pages have room, so that an update of
-- them stays on the page (HOT).  version is that of what the author wrote; no
-- count changes it.
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
	comments_count integer NOT NULL DEFAULT 0,
	version integer NOT NULL DEFAULT 1,
	published_at timestamptz DEFAULT statement_timestamp(),
	hidden_at timestamptz,
	listed_at timestamptz GENERATED ALWAYS AS
		(CASE WHEN hidden_at IS NULL THEN published_at END) STORED,
	counted boolean NOT NULL DEFAULT false,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	updated_at timestamptz NOT NULL DEFAULT statement_timestamp()
) WITH (fillfactor = 90);
CREATE INDEX article_newest ON article (listed_at DESC, id DESC);
CREATE INDEX article_author_newest
	ON article (author_id, listed_at DESC, id DESC);
CREATE INDEX article_due ON article (listed_at)
	WHERE NOT counted AND listed_at IS NOT NULL;

-- One row per tag of an article that has listed_at, kept by a trigger on
-- article.  The primary key is the order of a tag's page.
CREATE TABLE article_tag (
	tag text COLLATE "C" NOT NULL
		CHECK (char_length(tag) BETWEEN 1 AND 255),
	listed_at timestamptz NOT NULL,
	article_id bigint NOT NULL REFERENCES article ON DELETE CASCADE,
	PRIMARY KEY (tag, listed_at, article_id)
);
CREATE INDEX article_tag_article ON article_tag (article_id);

-- The tags in use, and by how many articles that are counted.
CREATE TABLE tag (
	tag text COLLATE "C" PRIMARY KEY,
	articles_count integer NOT NULL
) WITH (fillfactor = 50);

-- listed_at is the article's, so that a reader's favourites can be listed in
-- order, whatever their number.
CREATE TABLE favorite (
	account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	article_id bigint NOT NULL REFERENCES article ON DELETE CASCADE,
	listed_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	PRIMARY KEY (account_id, article_id)
);
CREATE INDEX favorite_newest
	ON favorite (account_id, listed_at DESC, article_id DESC);
CREATE INDEX favorite_article ON favorite (article_id);

CREATE TABLE follow (
	follower_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	followed_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	PRIMARY KEY (follower_id, followed_id),
	CONSTRAINT follow_not_oneself CHECK (follower_id <> followed_id)
);
CREATE INDEX follow_followed ON follow (followed_id);

-- A comment on an article, or with parent_id an answer to another one there,
-- which is no answer itself: threads have two levels.  An answer outlives what
-- it answers.
CREATE TABLE comment (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	article_id bigint NOT NULL REFERENCES article ON DELETE CASCADE,
	author_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	parent_id bigint,
	body text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 10000),
	hidden_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	updated_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	UNIQUE (article_id, id),
	FOREIGN KEY (article_id, parent_id) REFERENCES comment (article_id, id)
		ON DELETE SET NULL (parent_id)
);
CREATE INDEX comment_author ON comment (author_id, id);
CREATE INDEX comment_parent ON comment (article_id, parent_id, id)
	WHERE parent_id IS NOT NULL;
CREATE INDEX comment_root ON comment (article_id, id) WHERE parent_id IS NULL;

-- How many articles are counted: the sum of n.  Counting 100,000 rows takes
-- milliseconds, this one page read.  A backend adds to the shard of its
-- process id, so that concurrent writers seldom wait for each other; one shard
-- alone means nothing and may be negative.
CREATE TABLE article_counter (
	shard smallint PRIMARY KEY CHECK (shard BETWEEN 0 AND 15),
	n bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO article_counter (shard) SELECT generate_series(0, 15);

-- Who may what.  A reader sees neither an address nor a hash.
GRANT SELECT (id, username, bio, image, role, suspended_at, articles_count,
		created_at)
	ON account TO :"reader", :"writer";
GRANT SELECT ON article, article_tag, tag, favorite, follow, comment,
		article_counter
	TO :"reader", :"writer";
GRANT DELETE,
	INSERT (slug, author_id, title, description, body, tag_list,
		published_at),
	UPDATE (slug, title, description, body, tag_list, version,
		published_at, updated_at)
	ON article TO :"writer";
GRANT DELETE, INSERT (account_id, article_id, listed_at)
	ON favorite TO :"writer";
GRANT DELETE, INSERT (follower_id, followed_id) ON follow TO :"writer";
GRANT DELETE, INSERT (article_id, author_id, parent_id, body),
	UPDATE (body, updated_at)
	ON comment TO :"writer";
-- For FOR NO KEY UPDATE of an article that gets a favourite or a comment the
-- right to update any column of it is enough.

GRANT SELECT, DELETE,
	INSERT (username, email, password_hash, bio, image),
	UPDATE (username, email, password_hash, bio, image, role,
		email_verified_at, suspended_at, updated_at)
	ON account TO :"account";
