/* SPDX-License-Identifier: MIT */
/*
 * db-prepare -- a function's statement as it will be prepared: with the rights
 * and the settings of the function's role.
 */
#ifndef DB_PREPARE_H
#define DB_PREPARE_H

#include "db-direct.h"
#include "descriptor.h"

/* Become a role of functions, with its settings but for the time limits; and
 * the owner again.  False after cli_fail(). */
bool db_prepare_enter(PGconn *conn, enum fn_role role) MUST_CHECK;
bool db_prepare_leave(PGconn *conn) MUST_CHECK;

/* What PostgreSQL has against a statement. */
struct db_prepare_problem {
	char text[1024]; /* "hat-get.sql:5: column ... (42703)" */
	char hint[512];  /* "" for none */
	char state[6];   /* SQLSTATE; "" when the connection is lost */
};

enum db_prepare_status {
	DB_PREPARE_GOOD,
	DB_PREPARE_BAD,    /* problem says why */
	DB_PREPARE_FAILED, /* cli_fail() has said why */
};

/*
 * Whether it can be prepared, and its role may run it: that is checked when it
 * is planned to be run, as by EXPLAIN, and not by PREPARE.  A transaction that
 * is open stays as it is.
 */
enum db_prepare_status db_prepare_check(PGconn *conn,
    const struct descriptor_statement *statement,
    struct db_prepare_problem *problem) MUST_CHECK;

/*
 * Prepare a statement under the name "p", in place of an earlier one.  False
 * after cli_fail(), which names file, line and what PostgreSQL has against it:
 *
 *	hat-get.sql:5: column "colour" does not exist (42703)
 */
bool db_prepare(
    PGconn *conn, const struct descriptor_statement *statement) MUST_CHECK;

/*
 * The plan of what is prepared, with these arguments (NULL for those beyond
 * n).  options is what EXPLAIN takes between its parentheses.  NULL after
 * cli_fail(), which also says so when the role may not do it; else the
 * caller's.
 */
PGresult *db_prepare_explain(PGconn *conn,
    const struct descriptor_statement *statement, const char *options,
    const char *const *args, int n) MUST_CHECK;

#endif /* DB_PREPARE_H */
