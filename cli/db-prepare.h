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
