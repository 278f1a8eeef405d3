/* SPDX-License-Identifier: MIT */
/*
 * db-direct -- see db-direct.h.
 */
#include "db-direct.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* libpq ends its messages with a line feed; cli_fail() adds its own. */
static void
fail_direct(const PGconn *conn, const char *what, const char *hint)
{
	const char *text = PQerrorMessage(conn);
	size_t len = strlen(text);

	while (len > 0 && text[len - 1] == '\n')
		len--;
	cli_fail(CLI_FAILED, hint, "%s: %.*s", what, (int)len, text);
}

/*
 * connect_timeout comes before dbname, so that the URL may say otherwise, and
 * the rest after it: client_encoding because error positions are counted in
 * characters.  Of two dbname only the first is taken apart.
 */
static int
open_direct(PGconn **conn, const char *database, const char *application)
{
	static const char *const words[] = {"connect_timeout",
	    "application_name", "dbname", "client_encoding", "dbname",
	    "application_name", NULL};
	const char *values[LENGTH(words)] = {
	    "10", "mayfly db", NULL, "UTF8", database, application, NULL};

	*conn = NULL;
	values[2] = getenv("MAYFLY_MIGRATE_URL");
	if (values[2] == NULL || values[2][0] == '\0')
		return cli_fail(CLI_USAGE,
		    "set it to a connection string of the database's owner, "
		    "past PgBouncer: host=/run/postgresql dbname=mayfly",
		    "MAYFLY_MIGRATE_URL is not set");
	*conn = PQconnectdbParams(words, values, 1);
	if (PQstatus(*conn) != CONNECTION_OK) {
		fail_direct(*conn, "cannot connect",
		    "is PostgreSQL running, and MAYFLY_MIGRATE_URL right?");
	} else if (db_direct_settle(*conn)) {
		return CLI_OK;
	}
	PQfinish(*conn);
	*conn = NULL;
	return CLI_FAILED;
}

int
db_direct_open(PGconn **conn)
{
	return open_direct(conn, NULL, NULL);
}

int
db_direct_open_as(PGconn **conn, const char *database, const char *application)
{
	return open_direct(conn, database, application);
}

bool
db_direct_settle(PGconn *conn)
{
	PGresult *res;

	if (!db_direct_run(conn, "RESET ALL") ||
	    !db_direct_run(conn, "SET search_path = public") ||
	    /* Where one role is all, it has the time limits of functions. */
	    !db_direct_run(conn, "SET statement_timeout = 0") ||
	    !db_direct_run(conn, "SET lock_timeout = 0") ||
	    !db_direct_run(
	        conn, "SET idle_in_transaction_session_timeout = 0") ||
	    !db_direct_run(conn, "SET client_min_messages = warning"))
		return false;
	/* Stop working for a client that has died.  Not every platform can;
	 * all is well without it, only later; but in a transaction an error
	 * would end that. */
	if (PQtransactionStatus(conn) == PQTRANS_IDLE) {
		res = PQexecParams(conn,
		    "SET client_connection_check_interval = '1s'", 0, NULL,
		    NULL, NULL, NULL, 0);
		PQclear(res);
	}
	return true;
}

PGresult *
db_direct_query(PGconn *conn, const char *sql, const char *const *args, int n)
{
	PGresult *res;
	ExecStatusType status;

	res = PQexecParams(conn, sql, n, NULL, args, NULL, NULL, 0);
	status = PQresultStatus(res);
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
		return res;
	fail_direct(conn, "database", NULL);
	PQclear(res);
	return NULL;
}

bool
db_direct_run(PGconn *conn, const char *sql)
{
	PGresult *res = db_direct_query(conn, sql, NULL, 0);

	PQclear(res);
	return res != NULL;
}

void
db_direct_array(struct buf *to, const char *const *texts, int n)
{
	buf_text(to, "{");
	for (int i = 0; i < n; i++) {
		buf_text(to, i > 0 ? "," : "");
		if (texts[i] == NULL) {
			buf_text(to, "NULL");
			continue;
		}
		buf_text(to, "\"");
		for (const char *s = texts[i]; *s != '\0'; s++) {
			if (*s == '"' || *s == '\\')
				buf_text(to, "\\");
			buf_add(to, s, 1);
		}
		buf_text(to, "\"");
	}
	buf_text(to, "}");
}

int64_t
db_direct_int(const PGresult *res)
{
	return strtoimax(PQgetvalue(res, 0, 0), NULL, 10);
}
