-- SPDX-License-Identifier: MIT
--
-- What is stored twice for the sake of reading: article_tag, favorites_count
-- and article_counter.  The functions here run as the owner, because those who
-- cause them may not write what they keep.

-- article_tag follows article.tag_list.
CREATE FUNCTION article_tag_keep() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	IF TG_OP = 'UPDATE' THEN
		DELETE FROM article_tag WHERE article_id = OLD.id;
	END IF;
	INSERT INTO article_tag (tag, created_at, article_id)
	SELECT DISTINCT tag, NEW.created_at, NEW.id
	FROM unnest(NEW.tag_list) AS tag;
	RETURN NULL;
END
$$;

CREATE TRIGGER article_tag_insert AFTER INSERT ON article
	FOR EACH ROW WHEN (NEW.tag_list <> '{}')
	EXECUTE FUNCTION article_tag_keep();
CREATE TRIGGER article_tag_update AFTER UPDATE OF tag_list, created_at
	ON article
	FOR EACH ROW WHEN (OLD.tag_list IS DISTINCT FROM NEW.tag_list
		OR OLD.created_at <> NEW.created_at)
	EXECUTE FUNCTION article_tag_keep();

-- article.favorites_count follows favorite.  Many rows are locked in the order
-- of their id first, so that two statements that change many do not wait for
-- each other in a circle.  TG_ARGV[0] is what one row adds.
CREATE FUNCTION favorite_count_keep() RETURNS trigger
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

CREATE TRIGGER favorite_count_insert AFTER INSERT ON favorite
	REFERENCING NEW TABLE AS changes
	FOR EACH STATEMENT EXECUTE FUNCTION favorite_count_keep('1');
CREATE TRIGGER favorite_count_delete AFTER DELETE ON favorite
	REFERENCING OLD TABLE AS changes
	FOR EACH STATEMENT EXECUTE FUNCTION favorite_count_keep('-1');

CREATE FUNCTION favorite_count_clear() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	UPDATE article SET favorites_count = 0 WHERE favorites_count <> 0;
	RETURN NULL;
END
$$;

CREATE TRIGGER favorite_count_truncate AFTER TRUNCATE ON favorite
	FOR EACH STATEMENT EXECUTE FUNCTION favorite_count_clear();

-- article_counter follows the number of rows of article.
CREATE FUNCTION article_counter_keep() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	rows bigint := (SELECT count(*) FROM changes);
BEGIN
	IF rows > 0 THEN
		UPDATE article_counter
		SET n = n + rows * TG_ARGV[0]::bigint
		WHERE shard = (pg_backend_pid() % 16)::smallint;
	END IF;
	RETURN NULL;
END
$$;

CREATE TRIGGER article_counter_insert AFTER INSERT ON article
	REFERENCING NEW TABLE AS changes
	FOR EACH STATEMENT EXECUTE FUNCTION article_counter_keep('1');
CREATE TRIGGER article_counter_delete AFTER DELETE ON article
	REFERENCING OLD TABLE AS changes
	FOR EACH STATEMENT EXECUTE FUNCTION article_counter_keep('-1');

CREATE FUNCTION article_counter_clear() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	UPDATE article_counter SET n = 0;
	RETURN NULL;
END
$$;

CREATE TRIGGER article_counter_truncate AFTER TRUNCATE ON article
	FOR EACH STATEMENT EXECUTE FUNCTION article_counter_clear();

REVOKE EXECUTE ON FUNCTION article_tag_keep(), favorite_count_keep(),
	favorite_count_clear(), article_counter_keep(),
	article_counter_clear() FROM PUBLIC;
