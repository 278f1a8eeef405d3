-- SPDX-License-Identifier: MIT
--
-- The example: short links, and a guestbook.  Applied behind sql/*.sql, whose
-- roles it names; nothing here refers to the blog's tables.
--
-- owner is the sub of a token.  Lengths are the last line of defence, those of
-- the endpoints; both applications, in C and in Hono, use these tables.

CREATE TABLE link (
	slug text COLLATE "C" PRIMARY KEY CHECK (slug ~ '^[a-z0-9-]{3,32}$'),
	url text NOT NULL CHECK (char_length(url) BETWEEN 1 AND 2048),
	note text CHECK (char_length(note) BETWEEN 1 AND 200),
	owner bigint NOT NULL,
	hits bigint NOT NULL DEFAULT 0,
	created_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 90); -- hits stands in no index: its update stays (HOT)

-- The order of an owner's list; the slug decides between links of one moment.
CREATE INDEX link_owner_newest ON link (owner, created_at DESC, slug);

-- The newest are those of the highest id.
CREATE TABLE guestbook_entry (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
	message text NOT NULL CHECK (char_length(message) BETWEEN 1 AND 1000),
	created_at timestamptz NOT NULL DEFAULT now()
);

-- How many entries there are: one row, changed in the transaction that adds an
-- entry.
CREATE TABLE guestbook_counter (
	single boolean PRIMARY KEY DEFAULT true CHECK (single),
	n bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO guestbook_counter DEFAULT VALUES;

GRANT SELECT ON link, guestbook_entry, guestbook_counter
	TO :"reader", :"writer";
GRANT DELETE, INSERT (slug, url, note, owner), UPDATE (hits)
	ON link TO :"writer";
GRANT INSERT (name, message) ON guestbook_entry TO :"writer";
GRANT UPDATE (n) ON guestbook_counter TO :"writer";
