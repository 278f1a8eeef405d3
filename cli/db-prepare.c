/* SPDX-License-Identifier: MIT */
/* db-prepare -- see db-prepare.h. */
#include "db-prepare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

enum {
	ARRAY_MAX_BYTES = 1024 * 1024, /* all arguments of db explain */
};

bool
db_prepare_enter(PGconn *conn, enum fn_role role)
{
	const char *args[] = {descriptor_roles[role]};
	PGresult *settings, *become = NULL;

	settings = db_direct_query(conn,
	    "SELECT set_config(split_part(setting, '=', 1),"
	    " substr(setting, strpos(setting, '=') + 1), false)"
	    " FROM function_role JOIN pg_roles ON rolname = name,"
	    " unnest(rolconfig) AS setting"
	    " WHERE role = $1::text AND setting NOT LIKE '%timeout=%'",
	    args, LENGTH(args));
	if (settings != NULL)
		become = db_direct_query(conn,
		    "SELECT set_config('role', name, false) FROM function_role"
		    " WHERE role = $1::text",
		    args, LENGTH(args));
	PQclear(settings);
	PQclear(become);
	return become != NULL;
}

bool
db_prepare_leave(PGconn *conn)
{
	return db_direct_run(conn, "RESET ROLE");
}

/* The line of the file: the statement's, and what the error is behind it.  The
 * position is in characters from 1, so bytes that continue one do not count. */
static int
line_of(const PGresult *res, const struct descriptor_statement *statement)
{
	const char *text = PQresultErrorField(res, PG_DIAG_STATEMENT_POSITION);
	intmax_t left = text == NULL ? 0 : strtoimax(text, NULL, 10);
	int line = statement->line;

	for (const char *s = statement->sql; *s != '\0' && left > 0; s++) {
		if (((unsigned char)*s & 0xC0) != 0x80 && --left == 0)
			break;
		if (*s == '\n')
			line++;
	}
	return line;
}

/* FILE:LINE: MESSAGE (SQLSTATE), and the server's hint. */
static void
fail_statement(PGconn *conn, const PGresult *res,
    const struct descriptor_statement *statement)
{
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	const char *hint = PQresultErrorField(res, PG_DIAG_MESSAGE_HINT);
	char grant[96];
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	int file = (int)strcspn(statement->name, ".");

	if (hint == NULL && state != NULL && strcmp(state, "42501") == 0) {
		snprintf(grant, sizeof(grant),
		    "it runs as %s: GRANT it in a migration, or give the "
		    "function another .role",
		    descriptor_roles[statement->role]);
		hint = grant;
	}
	cli_fail(CLI_FAILED, hint, "%.*s.sql:%d: %s (%s)", file,
	    statement->name, line_of(res, statement),
	    text != NULL ? text : PQerrorMessage(conn),
	    state != NULL ? state : "connection lost");
}

static bool
check_result(
    PGconn *conn, PGresult *res, const struct descriptor_statement *statement)
{
	ExecStatusType status = PQresultStatus(res);

	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
		return true;
	fail_statement(conn, res, statement);
	PQclear(res);
	return false;
}

bool
db_prepare(PGconn *conn, const struct descriptor_statement *statement)
{
	PGresult *res;

	if (!db_direct_run(conn, "DEALLOCATE ALL"))
		return false;
	res = PQprepare(conn, "p", statement->sql, 0, NULL);
	if (!check_result(conn, res, statement))
		return false;
	PQclear(res);
	return true;
}

/* The arguments as a text[] in PostgreSQL's form: {"a",NULL}. */
static void
write_array(struct buf *b, const char *const *args, int n, int total)
{
	buf_text(b, "{");
	for (int i = 0; i < total; i++) {
		buf_text(b, i > 0 ? "," : "");
		if (i >= n) {
			buf_text(b, "NULL");
			continue;
		}
		buf_text(b, "\"");
		for (const char *s = args[i]; *s != '\0'; s++) {
			if (*s == '"' || *s == '\\')
				buf_text(b, "\\");
			buf_add(b, s, 1);
		}
		buf_text(b, "\"");
	}
	buf_text(b, "}");
}

/* The text of the EXPLAIN, whose literals the server quotes itself: EXECUTE
 * takes no parameters. */
static PGresult *
explain_text(PGconn *conn, const struct descriptor_statement *statement,
    const char *options, const char *const *args, int n)
{
	struct buf array = buf_new(ARRAY_MAX_BYTES);
	const char *values[2] = {options, NULL};
	PGresult *res;

	write_array(&array, args, n, statement->arguments);
	values[1] = array.data;
	res = db_direct_query(conn,
	    "SELECT format('EXPLAIN (%s) EXECUTE p%s', $1::text,"
	    " '(' || string_agg(quote_nullable(value), ', ' ORDER BY place)"
	    " || ')')"
	    " FROM unnest($2::text[]) WITH ORDINALITY AS a (value, place)",
	    values, LENGTH(values));
	buf_free(&array);
	return res;
}

PGresult *
db_prepare_explain(PGconn *conn, const struct descriptor_statement *statement,
    const char *options, const char *const *args, int n)
{
	PGresult *text, *res;

	text = explain_text(conn, statement, options, args, n);
	if (text == NULL)
		return NULL;
	res = PQexecParams(
	    conn, PQgetvalue(text, 0, 0), 0, NULL, NULL, NULL, NULL, 0);
	PQclear(text);
	return check_result(conn, res, statement) ? res : NULL;
}
