/* SPDX-License-Identifier: MIT */
/*
 * db-roles -- the roles that functions connect as (enum fn_role), and the
 * names they have in this database.
 *
 * They are called after the database: shop_reader, shop_writer, shop_account.
 * Where roles cannot be made, all three are the role that runs the migrations.
 * The table function_role keeps the names, so that a database that was renamed
 * or copied goes on with the roles that its grants are for.
 */
#ifndef DB_ROLES_H
#define DB_ROLES_H

#include "buf.h"
#include "db-direct.h"

/*
 * Make function_role and the roles, where they are missing.  Says on standard
 * error when they are one.  Returns CLI_OK, or what cli_fail() did.
 */
int db_roles_make(PGconn *conn) MUST_CHECK;

/* The same in the transaction that is open, and with names as after a database
 * of that name; says nothing. */
int db_roles_make_for(PGconn *conn, const char *database) MUST_CHECK;

/*
 * Append sql to out with psql's placeholders filled: :"reader", :"writer",
 * :"account" and :"DBNAME", the database, as identifiers, and :'reader' and so
 * on as literals.  No value has a line feed, so line numbers stay.  False after
 * cli_fail().
 */
bool db_roles_fill(PGconn *conn, const char *sql, struct buf *out) MUST_CHECK;

#endif /* DB_ROLES_H */
