/* SPDX-License-Identifier: MIT */
/*
 * db-direct -- the connection of the "mayfly db" commands: straight to
 * PostgreSQL as the owner, because session locks and DDL do not go through
 * PgBouncer.
 */
#ifndef DB_DIRECT_H
#define DB_DIRECT_H

#include <libpq-fe.h>

#include "base.h"
#include "buf.h"
#include "cli.h"

/*
 * Connect to what MAYFLY_MIGRATE_URL says (a libpq URI or conninfo; from the
 * environment only, since others can read a command line), in UTF-8 and with
 * search_path "public".  On CLI_OK *conn is the caller's (PQfinish); otherwise
 * it is NULL, and cli_fail() has said why.
 */
int db_direct_open(PGconn **conn) MUST_CHECK;

/* The same to another database of that server (NULL: to the same one), and as
 * an application of that name. */
int db_direct_open_as(
    PGconn **conn, const char *database, const char *application) MUST_CHECK;

/*
 * Forget what was SET since, and go back to the settings of db_direct_open():
 * what one file of SQL sets for itself must not reach the next.  Locks stay.
 */
bool db_direct_settle(PGconn *conn) MUST_CHECK;

/*
 * Run one statement with n text parameters and wait for it.  NULL when it
 * fails, after cli_fail(); else the result is the caller's.
 */
PGresult *db_direct_query(
    PGconn *conn, const char *sql, const char *const *args, int n) MUST_CHECK;

/* The same, without parameters, where the result does not matter. */
bool db_direct_run(PGconn *conn, const char *sql) MUST_CHECK;

/* Append n texts (NULL for SQL NULL) as a text[] in PostgreSQL's form:
 * {"a",NULL}. */
void db_direct_array(struct buf *to, const char *const *texts, int n);

/* The integer in the first row and column; 0 for SQL NULL. */
int64_t db_direct_int(const PGresult *res);

#endif /* DB_DIRECT_H */
