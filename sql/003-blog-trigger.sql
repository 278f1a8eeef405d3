-- SPDX-License-Identifier: MIT
--
-- What is stored twice for the sake of reading: article_tag, tag, the copies of
-- listed_at, and every count.  The functions here run as the owner, because
-- those who cause them may not write what they keep.
--
-- Rows are locked in one order, so that no two writers wait for each other in a
-- circle: article, what belongs to it, account, tag, article_counter; many of one
-- table by key.  So whoever takes a favourite or a comment away locks its article
-- first; whoever deletes an account locks all articles that this concerns.

-- Add to, or take from, the counters of authors, tags and all, what articles
-- count there: one row for each, with sign 1 or -1.
CREATE TYPE article_change AS (author_id bigint, tag_list text[], sign integer);

CREATE FUNCTION article_count(changes article_change[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	IF cardinality(changes) = 0 THEN
		RETURN;
	END IF;
	IF cardinality(changes) > 1 THEN
		PERFORM FROM account
		WHERE id IN (SELECT author_id FROM unnest(changes))
		ORDER BY id FOR NO KEY UPDATE;
	END IF;
	UPDATE account
	SET articles_count = articles_count + changed.n
	FROM (SELECT author_id, sum(sign)::integer AS n FROM unnest(changes)
	    GROUP BY author_id HAVING sum(sign) <> 0) AS changed
	WHERE account.id = changed.author_id;

	INSERT INTO tag (tag, articles_count)
	SELECT t, sum(sign) FROM unnest(changes) AS c, LATERAL
		(SELECT DISTINCT one FROM unnest(c.tag_list) AS one) AS ts (t)
	GROUP BY t HAVING sum(sign) <> 0 ORDER BY t
	ON CONFLICT (tag) DO UPDATE
	SET articles_count = tag.articles_count + excluded.articles_count;
	DELETE FROM tag WHERE articles_count = 0
	AND tag IN (SELECT t FROM unnest(changes) AS c, unnest(c.tag_list) AS t
	    WHERE sign < 0);

	UPDATE article_counter
	SET n = n + (SELECT sum(sign) FROM unnest(changes))
	WHERE shard = (pg_backend_pid() % 16)::smallint
	AND (SELECT sum(sign) FROM unnest(changes)) <> 0;
END
$$;

-- counted follows the clock, and what makes an article listed.
CREATE FUNCTION article_counted() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	NEW.counted := NEW.hidden_at IS NULL AND
	    coalesce(NEW.published_at <= statement_timestamp(), false);
	RETURN NEW;
END
$$;

CREATE TRIGGER article_counted BEFORE INSERT
	OR UPDATE OF published_at, hidden_at, counted ON article
	FOR EACH ROW EXECUTE FUNCTION article_counted();

-- Who inserts folds in what has become due, a hundred at a time; what another
-- transaction holds is left to the next.  All is counted at once, so that its
-- rows are locked in order.
CREATE FUNCTION article_inserted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	additions article_change[];
BEGIN
	INSERT INTO article_tag (tag, listed_at, article_id)
	SELECT DISTINCT t, listed_at, id FROM changes, unnest(tag_list) AS t
	WHERE listed_at IS NOT NULL;
	WITH due AS (UPDATE article SET counted = true
		WHERE id IN (SELECT id FROM article
			WHERE NOT counted
			AND listed_at <= statement_timestamp()
			ORDER BY listed_at LIMIT 100
			FOR NO KEY UPDATE SKIP LOCKED)
		RETURNING author_id, tag_list)
	SELECT coalesce(array_agg((author_id, tag_list, 1)::article_change),
		'{}') INTO additions
	FROM (SELECT author_id, tag_list FROM changes WHERE counted
		UNION ALL SELECT author_id, tag_list FROM due) AS added;
	PERFORM article_count(additions);
	RETURN NULL;
END
$$;

CREATE TRIGGER article_inserted AFTER INSERT ON article
	REFERENCING NEW TABLE AS changes
	FOR EACH STATEMENT EXECUTE FUNCTION article_inserted();

CREATE FUNCTION article_deleted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM article_count(array_agg(
		(author_id, tag_list, -1)::article_change))
	FROM changes WHERE counted HAVING count(*) > 0;
	RETURN NULL;
END
$$;

CREATE TRIGGER article_deleted AFTER DELETE ON article
	REFERENCING OLD TABLE AS changes
	FOR EACH STATEMENT EXECUTE FUNCTION article_deleted();

CREATE FUNCTION article_updated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	changes article_change[] := '{}';
BEGIN
	DELETE FROM article_tag WHERE article_id = OLD.id;
	IF NEW.listed_at IS NOT NULL THEN
		INSERT INTO article_tag (tag, listed_at, article_id)
		SELECT DISTINCT t, NEW.listed_at, NEW.id
		FROM unnest(NEW.tag_list) AS t;
	END IF;
	IF OLD.listed_at IS DISTINCT FROM NEW.listed_at THEN
		UPDATE favorite SET listed_at = NEW.listed_at
		WHERE article_id = NEW.id;
	END IF;
	IF OLD.counted THEN
		changes := changes ||
		    (OLD.author_id, OLD.tag_list, -1)::article_change;
	END IF;
	IF NEW.counted THEN
		changes := changes ||
		    (NEW.author_id, NEW.tag_list, 1)::article_change;
	END IF;
	PERFORM article_count(changes);
	RETURN NULL;
END
$$;

-- Not OF counted: article_inserted() alone sets that, and counts it.
CREATE TRIGGER article_updated
	AFTER UPDATE OF tag_list, published_at, hidden_at ON article
	FOR EACH ROW WHEN (OLD.counted <> NEW.counted
		OR OLD.listed_at IS DISTINCT FROM NEW.listed_at
		OR OLD.tag_list <> NEW.tag_list)
	EXECUTE FUNCTION article_updated();

-- favorite.listed_at, where it was not said.  article-favorite says it, of the
-- row that it has locked: what this sees may be older.
CREATE FUNCTION favorite_listed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	NEW.listed_at := (SELECT listed_at FROM article
		WHERE id = NEW.article_id);
	RETURN NEW;
END
$$;

CREATE TRIGGER favorite_listed BEFORE INSERT ON favorite
	FOR EACH ROW WHEN (NEW.listed_at IS NULL)
	EXECUTE FUNCTION favorite_listed();

-- article.favorites_count and comments_count: what one row adds is TG_ARGV[0].
-- Many articles are locked by id first.
CREATE FUNCTION favorite_counted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	IF (SELECT count(*) FROM changes) > 1 THEN
		PERFORM FROM article
		WHERE id IN (SELECT article_id FROM changes)
		ORDER BY id FOR NO KEY UPDATE;
	END IF;
	UPDATE article
	SET favorites_count = favorites_count + changed.n * TG_ARGV[0]::integer
	FROM (SELECT article_id, count(*)::integer AS n FROM changes
	    GROUP BY article_id) AS changed
	WHERE article.id = changed.article_id;
	RETURN NULL;
END
$$;

CREATE TRIGGER favorite_inserted AFTER INSERT ON favorite
	REFERENCING NEW TABLE AS changes
	FOR EACH STATEMENT EXECUTE FUNCTION favorite_counted('1');
CREATE TRIGGER favorite_deleted AFTER DELETE ON favorite
	REFERENCING OLD TABLE AS changes
	FOR EACH STATEMENT EXECUTE FUNCTION favorite_counted('-1');

CREATE FUNCTION comment_counted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	IF (SELECT count(*) FROM changes) > 1 THEN
		PERFORM FROM article
		WHERE id IN (SELECT article_id FROM changes)
		ORDER BY id FOR NO KEY UPDATE;
	END IF;
	UPDATE article
	SET comments_count = comments_count + changed.n * TG_ARGV[0]::integer
	FROM (SELECT article_id, count(*)::integer AS n FROM changes
	    WHERE hidden_at IS NULL GROUP BY article_id) AS changed
	WHERE article.id = changed.article_id;
	RETURN NULL;
END
$$;

CREATE TRIGGER comment_inserted AFTER INSERT ON comment
	REFERENCING NEW TABLE AS changes
	FOR EACH STATEMENT EXECUTE FUNCTION comment_counted('1');
CREATE TRIGGER comment_deleted AFTER DELETE ON comment
	REFERENCING OLD TABLE AS changes
	FOR EACH STATEMENT EXECUTE FUNCTION comment_counted('-1');

CREATE FUNCTION comment_hidden() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	UPDATE article SET comments_count = comments_count
	    + CASE WHEN NEW.hidden_at IS NULL THEN 1 ELSE -1 END
	WHERE id = NEW.article_id;
	RETURN NULL;
END
$$;

CREATE TRIGGER comment_hidden AFTER UPDATE OF hidden_at ON comment
	FOR EACH ROW WHEN ((OLD.hidden_at IS NULL) <> (NEW.hidden_at IS NULL))
	EXECUTE FUNCTION comment_hidden();

-- TRUNCATE, by which an owner empties tables, fires no other trigger.
CREATE FUNCTION blog_truncated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	CASE TG_TABLE_NAME
	WHEN 'article' THEN
		UPDATE article_counter SET n = 0;
		DELETE FROM tag;
		UPDATE account SET articles_count = 0
		WHERE articles_count <> 0;
	WHEN 'favorite' THEN
		UPDATE article SET favorites_count = 0
		WHERE favorites_count <> 0;
	WHEN 'comment' THEN
		UPDATE article SET comments_count = 0
		WHERE comments_count <> 0;
	END CASE;
	RETURN NULL;
END
$$;

CREATE TRIGGER article_truncated AFTER TRUNCATE ON article
	FOR EACH STATEMENT EXECUTE FUNCTION blog_truncated();
CREATE TRIGGER favorite_truncated AFTER TRUNCATE ON favorite
	FOR EACH STATEMENT EXECUTE FUNCTION blog_truncated();
CREATE TRIGGER comment_truncated AFTER TRUNCATE ON comment
	FOR EACH STATEMENT EXECUTE FUNCTION blog_truncated();

REVOKE EXECUTE ON FUNCTION article_count(article_change[]),
	article_inserted(), article_deleted(), article_updated(),
	favorite_listed(), favorite_counted(), comment_counted(),
	comment_hidden(), blog_truncated() FROM PUBLIC;
