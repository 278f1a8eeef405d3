/* SPDX-License-Identifier: MIT */
/* db-roles -- see db-roles.h. */
#include "db-roles.h"

#include <stdio.h>
#include <string.h>

#include "db-fill.h"
#include "descriptor.h"

enum {
	/* 63 of a role's name (NAMEDATALEN - 1), less "_account": PostgreSQL
	 * would cut longer names off, and two databases share them. */
	DATABASE_MAX_BYTES = 55,
};

/*
 * What is missing.  Roles belong to the whole cluster: one may come into being
 * while this runs, for a copy of this database.  A role that may create roles
 * may not yet become them: hence the GRANT, for "mayfly db statements".
 */
static const char make_roles[] =
    "DO $$"
    " DECLARE"
    "     missing name;"
    " BEGIN"
    "     FOR missing IN SELECT name FROM function_role"
    "         WHERE name NOT IN (SELECT rolname FROM pg_roles) LOOP"
    "         BEGIN"
    "             EXECUTE format('CREATE ROLE %I LOGIN', missing);"
    "         EXCEPTION WHEN duplicate_object OR unique_violation THEN"
    "             NULL;"
    "         END;"
    "         EXECUTE format('GRANT %I TO CURRENT_USER', missing);"
    "     END LOOP;"
    " EXCEPTION WHEN insufficient_privilege THEN"
    "     UPDATE function_role SET name = current_user;"
    " END $$";

/* The names, in a table that has none yet. */
static int
name_roles(PGconn *conn, const char *database)
{
	const char *args[2] = {NULL, database};
	size_t len = strlen(database);
	PGresult *res;

	if (len < 1 || len > DATABASE_MAX_BYTES ||
	    strchr(database, '\n') != NULL)
		return cli_fail(CLI_FAILED, "give it another name",
		    "roles are named after the database: that has at most %d"
		    " bytes, and no line feed",
		    DATABASE_MAX_BYTES);
	for (int i = 0; i < FN_ROLES; i++) {
		args[0] = descriptor_roles[i];
		res = db_direct_query(conn,
		    "INSERT INTO function_role (role, name) "
		    "SELECT $1::text, $2::text || '_' || $1::text "
		    "ON CONFLICT (role) DO NOTHING",
		    args, LENGTH(args));
		if (res == NULL)
			return CLI_FAILED;
		PQclear(res);
	}
	return CLI_OK;
}

/* Say when there is one role for all. */
static bool
say_one(PGconn *conn)
{
	PGresult *res;

	res = db_direct_query(conn,
	    "SELECT current_user WHERE current_user ="
	    " ALL (SELECT name FROM function_role)",
	    NULL, 0);
	if (res == NULL)
		return false;
	if (PQntuples(res) == 1)
		fprintf(stderr,
		    "mayfly: %s may not make roles: it is reader, writer and "
		    "account itself\n",
		    PQgetvalue(res, 0, 0));
	PQclear(res);
	return true;
}

int
db_roles_make_for(PGconn *conn, const char *database)
{
	int code;

	if (!db_direct_run(conn, "CREATE TABLE IF NOT EXISTS function_role ("
	                         "    role text PRIMARY KEY,"
	                         "    name name NOT NULL)"))
		return CLI_FAILED;
	code = name_roles(conn, database);
	if (code == CLI_OK && !db_direct_run(conn, make_roles))
		code = CLI_FAILED;
	return code;
}

int
db_roles_make(PGconn *conn)
{
	int code;

	if (!db_direct_run(conn, "BEGIN"))
		return CLI_FAILED;
	code = db_roles_make_for(conn, PQdb(conn));
	if (code == CLI_OK &&
	    (!db_direct_run(conn, "COMMIT") || !say_one(conn)))
		code = CLI_FAILED;
	return code;
}

bool
db_roles_fill(PGconn *conn, const char *sql, struct buf *out)
{
	struct db_fill_name names[FN_ROLES + 1];
	PGresult *res;
	size_t n = 0;

	res = db_direct_query(conn,
	    "SELECT word, quote_ident(name), quote_literal(name) FROM ("
	    "    SELECT role, name FROM public.function_role"
	    "    UNION ALL SELECT 'DBNAME', current_database()"
	    ") AS placeholder (word, name)",
	    NULL, 0);
	if (res == NULL)
		return false;
	for (; n < (size_t)PQntuples(res) && n < LENGTH(names); n++)
		names[n] =
		    (struct db_fill_name){.name = PQgetvalue(res, (int)n, 0),
		        .identifier = PQgetvalue(res, (int)n, 1),
		        .literal = PQgetvalue(res, (int)n, 2)};
	db_fill(out, sql, names, n);
	PQclear(res);
	return true;
}
