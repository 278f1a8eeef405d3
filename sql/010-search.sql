-- SPDX-License-Identifier: MIT
--
-- Searching articles: their words, and those of titles and tags for words that
-- were meant otherwise.  Kept by a trigger, beside article, so that an update of
-- a count there stays on its page.
--
-- Words are those of the configuration simple, which fits every language: small
-- letters, no endings taken away.  Punctuation is blanked first, so that the
-- parser finds no addresses, hyphens or tags in a text, of which it would make
-- several words that overlap.

DO $$
BEGIN
	CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION
WHEN feature_not_supported OR undefined_file THEN
	RAISE EXCEPTION 'PostgreSQL lacks the extension pg_trgm'
	USING HINT = 'Install its contrib package; in Debian''s postgresql-15 it is there.';
WHEN insufficient_privilege THEN
	RAISE EXCEPTION 'this role may not CREATE EXTENSION pg_trgm'
	USING HINT = 'Let a superuser do it in this database, then migrate again.';
END
$$;

-- The words of a text with their places.
CREATE FUNCTION search_words(text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.simple',
	regexp_replace($1 COLLATE "C", '[[:punct:]]+', ' ', 'g'));

-- What an article is found by: the words of its title (A), tags (B),
-- description (C) and body (D, without places, which would be twice the size),
-- and for the filters a lexeme '@' and the id of its author, and '#' and the text
-- of each tag.  No word is like these.
--
-- A tsvector is below 1 MiB.  Of each character of a text it takes 5 bytes at
-- most (a word of one letter of 4 bytes, 4 for its place, a blank), so that of a
-- body the first 100,000 characters always fit.
CREATE FUNCTION search_document(title text, tags text[], description text,
	body text, author_id bigint) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(search_words(title), 'A')
	|| setweight(search_words(array_to_string(tags, ' ')), 'B')
	|| setweight(search_words(description), 'C')
	|| strip(search_words(left(body, 100000)))
	|| array_to_tsvector('@' || author_id::text
		|| (SELECT coalesce(array_agg('#' || tag), '{}')
			FROM unnest(tags) AS tag));

-- Articles that are published or scheduled.  What is written waits in a list of
-- the index, which every search reads, until it is longer than 256 KiB: then who
-- is writing puts it in, which takes some 10 ms.  Without the list each article
-- would take 2 ms more than the 0.3 it does, and with the usual 4 MiB one in
-- 500 would take some 200.
CREATE TABLE article_search (
	article_id bigint PRIMARY KEY REFERENCES article ON DELETE CASCADE,
	listed_at timestamptz NOT NULL,
	document tsvector NOT NULL
);
CREATE INDEX article_search_document ON article_search USING gin (document)
	WITH (gin_pending_list_limit = 256);

-- The words of titles and tags, as long as any article has had them.
CREATE TABLE search_word (
	word text COLLATE "C" PRIMARY KEY
);
CREATE INDEX search_word_similar ON search_word USING gin (word gin_trgm_ops)
	WITH (gin_pending_list_limit = 256);

-- Words that are too long for an index are said at the level NOTICE, to nobody.
CREATE FUNCTION article_searched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = error AS $$
BEGIN
	IF NEW.listed_at IS NULL THEN
		DELETE FROM article_search WHERE article_id = NEW.id;
		RETURN NULL;
	END IF;
	INSERT INTO article_search VALUES (NEW.id, NEW.listed_at,
		search_document(NEW.title, NEW.tag_list, NEW.description,
			NEW.body, NEW.author_id))
	ON CONFLICT (article_id) DO UPDATE
	SET listed_at = excluded.listed_at, document = excluded.document;
	INSERT INTO search_word
	SELECT lexeme FROM unnest(search_words(NEW.title || ' ' ||
		array_to_string(NEW.tag_list, ' ')))
	WHERE char_length(lexeme) BETWEEN 4 AND 64
	ORDER BY lexeme COLLATE "C"
	ON CONFLICT DO NOTHING;
	RETURN NULL;
END
$$;

CREATE TRIGGER article_searched AFTER INSERT OR UPDATE OF
	title, tag_list, description, body, published_at, hidden_at ON article
	FOR EACH ROW EXECUTE FUNCTION article_searched();

-- What is asked for by the first 8 words of a text, by a tag, and by an author,
-- each but the words NULL for any: all of these.  The last word may go on, from 3
-- letters; with alike any word of 4 letters may be one of the 5 of titles and
-- tags that are most like it.  NULL when there is no word.  A word is quoted: it
-- is never read as the syntax of tsquery.
CREATE FUNCTION search_query(words text, tag text, author_id bigint,
	alike boolean) RETURNS tsquery
LANGUAGE sql STABLE AS $$
	WITH word AS (SELECT lexeme, positions[1] AS place
		FROM unnest(search_words(words)) ORDER BY place LIMIT 8),
	one AS (SELECT lexeme, '' AS rest, place FROM word
		UNION ALL SELECT lexeme, ':*', place FROM word
		WHERE char_length(lexeme) >= 3
			AND place = (SELECT max(place) FROM word)
		UNION ALL SELECT near.word, '', place FROM word
		CROSS JOIN LATERAL (SELECT s.word FROM search_word s
			WHERE alike AND char_length(lexeme) >= 4
				AND s.word % lexeme
			ORDER BY similarity(s.word, lexeme) DESC, s.word
			LIMIT 5) near
		UNION ALL SELECT '#' || tag, '', 0 WHERE tag IS NOT NULL
		UNION ALL SELECT '@' || author_id, '', -1
		WHERE author_id IS NOT NULL),
	place AS (SELECT string_agg('''' || replace(replace(lexeme, '\', '\\'),
			'''', '''''') || '''' || rest, ' | ') AS any_of
		FROM one GROUP BY place)
	SELECT string_agg('(' || any_of || ')', ' & ')::tsquery FROM place
	WHERE EXISTS (SELECT FROM word)
$$;

REVOKE EXECUTE ON FUNCTION article_searched() FROM PUBLIC;
GRANT SELECT ON article_search, search_word TO :"reader", :"writer";
