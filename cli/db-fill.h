/* SPDX-License-Identifier: MIT */
/*
 * db-fill -- psql's placeholders in a file of SQL: :"reader" becomes the
 * identifier, :'reader' the literal that the name stands for.
 */
#ifndef DB_FILL_H
#define DB_FILL_H

#include "buf.h"

struct db_fill_name {
	const char *name;       /* "reader" */
	const char *identifier; /* in SQL, quoted where it has to be */
	const char *literal;    /* in SQL, between quotes */
};

/*
 * Append sql to out, with the placeholders of these n names filled.  As in
 * psql, what stands in a string, a quoted identifier, a dollar quote or a
 * comment is none; all else stays as it is.
 */
void db_fill(struct buf *out, const char *sql, const struct db_fill_name *names,
    size_t n);

/*
 * Whether a statement of sql is ROLLBACK or ABORT, but for one that goes back
 * to a savepoint: what stands behind it would be outside of the transaction.
 */
bool db_fill_ends(const char *sql) MUST_CHECK;

#endif /* DB_FILL_H */
