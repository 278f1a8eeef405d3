-- SPDX-License-Identifier: MIT
--
-- The role that functions connect as.  The role that runs the migrations owns
-- everything; mayfly_function may do what later files grant it, no more.
--
-- Roles belong to the whole cluster, so the role may be there already, or come
-- into being while another database of the cluster is migrated.

DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles
	    WHERE rolname = 'mayfly_function') THEN
		CREATE ROLE mayfly_function LOGIN;
	END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
	NULL;
END
$$;

ALTER ROLE mayfly_function LOGIN;

-- Below a function's deadline of 3 s, so that its reply can still say why.
ALTER ROLE mayfly_function SET statement_timeout = '2500ms';
ALTER ROLE mayfly_function SET lock_timeout = '2s';
ALTER ROLE mayfly_function SET idle_in_transaction_session_timeout = '5s';

-- What the C code reads back as text.
ALTER ROLE mayfly_function SET timezone = 'UTC';
ALTER ROLE mayfly_function SET datestyle = 'ISO';
ALTER ROLE mayfly_function SET search_path = 'public';

-- Statements are prepared once per connection and never planned again; the
-- queries are short, and compiling one costs more than running it.
ALTER ROLE mayfly_function SET plan_cache_mode = 'force_generic_plan';
ALTER ROLE mayfly_function SET jit = off;

-- Memoize keeps rows that a join may look up again.  The functions' statements
-- look up the authors of a page, hardly one of them twice, and filling that
-- cache took a tenth of the feed's time in PostgreSQL.
ALTER ROLE mayfly_function SET enable_memoize = off;

-- Stop working for a client that has gone.  Not every kernel can tell.
DO $$
BEGIN
	ALTER ROLE mayfly_function SET client_connection_check_interval = '1s';
EXCEPTION WHEN invalid_parameter_value OR undefined_object THEN
	RAISE LOG 'client_connection_check_interval is left alone: %', SQLERRM;
END
$$;

-- No table of its own, not even a temporary one: those are found before the
-- ones in public.  Clusters made before PostgreSQL 15 let everyone create.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO mayfly_function;
DO $$
BEGIN
	EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC',
	    current_database());
	EXECUTE format('GRANT CONNECT ON DATABASE %I TO mayfly_function',
	    current_database());
END
$$;
