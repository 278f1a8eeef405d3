-- SPDX-License-Identifier: MIT
--
-- Prepare on demand.  With 300 functions a server connection that prepared all
-- their statements before its first query was ready after 0.3 s.  So a function
-- that finds a name unknown on its connection has the statements of that
-- function prepared there, once (common/db.c): what nobody calls costs nothing.

-- Prepare what this session does not have yet of its role's statements, of all
-- when there is one role: those with these names; all for NULL.  Return how many
-- that were.  The text comes from the table, not from the caller.  A statement
-- that cannot be prepared is logged and passed over: the caller sends its text.
DROP FUNCTION prepare_statements();
CREATE FUNCTION prepare_statements(names text[] DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
	statement record;
	prepared integer := 0;
BEGIN
	FOR statement IN
		SELECT DISTINCT s.name, s.sql
		FROM public.prepared_statement s
		JOIN public.function_role f USING (role)
		WHERE f.name = current_user
		AND s.name = ANY (coalesce(names,
		    ARRAY(SELECT a.name FROM public.prepared_statement a)))
		AND s.name NOT IN (SELECT p.name FROM pg_prepared_statements p)
		ORDER BY s.name
	LOOP
		BEGIN
			EXECUTE format('PREPARE %I AS %s',
			    statement.name, statement.sql);
			prepared := prepared + 1;
		EXCEPTION WHEN OTHERS THEN
			-- Not WARNING: that would go to PgBouncer, which has
			-- nobody to tell.
			RAISE LOG 'statement % is not prepared: % (%)',
			    statement.name, SQLERRM, SQLSTATE;
		END;
	END LOOP;
	RETURN prepared;
END
$$;
REVOKE EXECUTE ON FUNCTION prepare_statements(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION prepare_statements(text[])
	TO :"reader", :"writer", :"account";
