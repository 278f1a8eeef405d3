-- SPDX-License-Identifier: MIT
--
-- The roles of functions: reader, writer and account (enum fn_role).  The role
-- that runs the migrations owns everything; these may do what later files grant
-- them, no more.
--
-- "mayfly db migrate" has made them, as DATABASE_reader and so on, and fills
-- psql's placeholders: :"reader" is the name of one in SQL, :"DBNAME" that of
-- the database.  Where it may not make roles, it is itself all three.  The
-- table function_role holds their names.

DO $$
DECLARE
	role name;
	setting text;
	value text;
BEGIN
	FOR role, setting, value IN
		SELECT DISTINCT f.name, s.setting, s.value
		FROM function_role AS f, (VALUES
			-- Below a function's deadline of 3 s, so that its reply
			-- can still say why.
			('statement_timeout', '2500ms'),
			('lock_timeout', '2s'),
			('idle_in_transaction_session_timeout', '5s'),
			-- What the C code reads back as text.
			('timezone', 'UTC'),
			('datestyle', 'ISO'),
			('search_path', 'public'),
			-- Statements are prepared once per connection and never
			-- planned again; the queries are short, and compiling
			-- one costs more than running it.
			('plan_cache_mode', 'force_generic_plan'),
			('jit', 'off'),
			-- Memoize keeps rows that a join may look up again.
			-- The functions' statements look up the authors of a
			-- page, hardly one of them twice, and filling that
			-- cache took a tenth of the feed's time in PostgreSQL.
			('enable_memoize', 'off'),
			-- Stop working for a client that has gone.  Not every
			-- kernel can tell.
			('client_connection_check_interval', '1s')
		) AS s (setting, value)
	LOOP
		BEGIN
			EXECUTE format('ALTER ROLE %I SET %I = %L',
			    role, setting, value);
		EXCEPTION WHEN invalid_parameter_value OR undefined_object THEN
			RAISE LOG '% is left alone: %', setting, SQLERRM;
		END;
	END LOOP;
END
$$;

-- No table of its own, not even a temporary one: those are found before the
-- ones in public.  Clusters made before PostgreSQL 15 let everyone create.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"reader", :"writer", :"account";

-- The roles of other databases stay out.
REVOKE CONNECT, TEMPORARY ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO :"reader", :"writer", :"account";
