/* SPDX-License-Identifier: MIT */
/* db_private -- what db.c and db_rows.c do for db_json.c. */
#ifndef DB_PRIVATE_H
#define DB_PRIVATE_H

#include "db.h"

/* Where what belongs to the request is. */
struct arena *db_arena(const struct db *db);

/* The bytes of a value of any type, at is NULL for NULL, and the place of its
 * column.  For a query that has not failed. */
struct span db_value(struct db_rows *rows, int row, const char *name, int *col);

/* A row that is not there is a bug. */
void db_check_row(const struct db_rows *rows, int row);

#endif /* DB_PRIVATE_H */
