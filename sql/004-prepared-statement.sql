-- SPDX-License-Identifier: MIT
--
-- The statements of all functions, prepared on each server connection.
--
-- PgBouncer runs SELECT prepare_statements() as its connect_query, as each of
-- the functions' roles.  "mayfly db statements" fills the table from the
-- functions' descriptors; whoever can write it chooses what SQL functions run,
-- so only the owner can.

CREATE TABLE prepared_statement (
	name text COLLATE "C"
		CHECK (octet_length(name) BETWEEN 1 AND 63), -- NAMEDATALEN
	role text REFERENCES function_role,
	sql text NOT NULL,
	-- When a deployed function last had it.  A statement outlives its
	-- function for a while: instances of the old version still run.
	seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (name, role)
);
GRANT SELECT ON prepared_statement, function_role
	TO :"reader", :"writer", :"account";

-- Prepare what this session does not have yet of its role's statements, of all
-- when there is one role; return how many that were.  A statement that cannot
-- be prepared is logged and passed over: an error here would refuse the
-- connection, and with it every function.
CREATE FUNCTION prepare_statements() RETURNS integer
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
REVOKE EXECUTE ON FUNCTION prepare_statements() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION prepare_statements()
	TO :"reader", :"writer", :"account";
