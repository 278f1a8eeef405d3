/* SPDX-License-Identifier: MIT */
/* db-prepare -- see db-prepare.h. */
#include "db-prepare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
describe_problem(PGconn *conn, const PGresult *res,
    const struct descriptor_statement *statement, struct db_prepare_problem *to)
{
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	const char *hint = PQresultErrorField(res, PG_DIAG_MESSAGE_HINT);
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	int file = (int)strcspn(statement->name, ".");

	snprintf(to->text, sizeof(to->text), "%.*s.sql:%d: %s (%s)", file,
	    statement->name, line_of(res, statement),
	    text != NULL ? text : PQerrorMessage(conn),
	    state != NULL ? state : "connection lost");
	snprintf(
	    to->state, sizeof(to->state), "%s", state != NULL ? state : "");
	if (hint == NULL && strcmp(to->state, "42501") == 0)
		snprintf(to->hint, sizeof(to->hint),
		    "it runs as %s: GRANT it in a migration, or give the "
		    "function another .role",
		    descriptor_roles[statement->role]);
	else
		snprintf(
		    to->hint, sizeof(to->hint), "%s", hint != NULL ? hint : "");
}

static bool
good(const PGresult *res)
{
	ExecStatusType status = PQresultStatus(res);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static bool
check_result(
    PGconn *conn, PGresult *res, const struct descriptor_statement *statement)
{
	struct db_prepare_problem problem;

	if (good(res))
		return true;
	describe_problem(conn, res, statement, &problem);
	cli_fail(CLI_FAILED, problem.hint[0] != '\0' ? problem.hint : NULL,
	    "%s", problem.text);
	PQclear(res);
	return false;
}

/* EXPLAIN of what is prepared as "p", with NULL for each argument. */
static PGresult *
explain_nulls(PGconn *conn, int arguments)
{
	struct buf text = buf_new(ARRAY_MAX_BYTES);
	PGresult *res;

	buf_text(&text, "EXPLAIN EXECUTE p");
	for (int i = 0; i < arguments; i++)
		buf_text(&text, i == 0 ? "(NULL" : ", NULL");
	buf_text(&text, arguments > 0 ? ")" : "");
	res = PQexecParams(conn, text.data, 0, NULL, NULL, NULL, NULL, 0);
	buf_free(&text);
	return res;
}

enum db_prepare_status
db_prepare_check(PGconn *conn, const struct descriptor_statement *statement,
    struct db_prepare_problem *problem)
{
	bool within = PQtransactionStatus(conn) == PQTRANS_INTRANS;
	enum db_prepare_status status = DB_PREPARE_GOOD;
	PGresult *res;

	if (!db_direct_run(conn, "DEALLOCATE ALL") ||
	    (within && !db_direct_run(conn, "SAVEPOINT p")))
		return DB_PREPARE_FAILED;
	res = PQprepare(conn, "p", statement->sql, 0, NULL);
	if (good(res)) {
		PQclear(res);
		res = explain_nulls(conn, statement->arguments);
	}
	if (!good(res)) {
		describe_problem(conn, res, statement, problem);
		status = DB_PREPARE_BAD;
	}
	PQclear(res);
	if (PQstatus(conn) != CONNECTION_OK ||
	    (within && !db_direct_run(conn, "ROLLBACK TO p")))
		return DB_PREPARE_FAILED;
	return status;
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

/* The text of the EXPLAIN, whose literals the server quotes itself: EXECUTE
 * takes no parameters. */
static PGresult *
explain_text(PGconn *conn, const struct descriptor_statement *statement,
    const char *options, const char *const *args, int n)
{
	struct buf array = buf_new(ARRAY_MAX_BYTES);
	const char *values[2] = {options, NULL};
	const char **all;
	PGresult *res;

	all = cli_alloc((size_t)statement->arguments * sizeof(*all));
	for (int i = 0; i < statement->arguments; i++)
		all[i] = i < n ? args[i] : NULL;
	db_direct_array(&array, all, statement->arguments);
	free(all);
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
