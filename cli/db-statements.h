/* SPDX-License-Identifier: MIT */
/*
 * db-statements -- the table prepared_statement, from which the database
 * prepares what functions ask for.
 */
#ifndef DB_STATEMENTS_H
#define DB_STATEMENTS_H

#include "db-direct.h"
#include "descriptor.h"

struct db_statements_counts {
	int statements; /* that are to be there */
	int added;      /* of these: new, or changed */
	int kept;       /* older ones that stay */
	int removed;
};

/*
 * The statements of all functions by name and role, each once, in *all, an
 * array for the caller to free; they belong to the descriptors.  Returns how
 * many, or -1 after cli_fail() when one name stands for two texts.
 */
int db_statements_collect(struct descriptor *const *list, int n,
    struct descriptor_statement ***all) MUST_CHECK;

/* Whether each can be prepared, and its role may run it.  False after
 * cli_fail() for each that cannot. */
bool db_statements_check(
    PGconn *conn, struct descriptor_statement *const *all, int n) MUST_CHECK;

/*
 * Make the table hold these n, in one transaction.  Others go unless their
 * prepared name is in keep; where keep is NULL, when no run has had them for a
 * day.  False after cli_fail(): nothing has changed.
 */
bool db_statements_apply(PGconn *conn, struct descriptor_statement *const *all,
    int n, const char *const *keep, int nkeep,
    struct db_statements_counts *counts) MUST_CHECK;

/* The line for people and scripts: "changed: ..." or "unchanged: ...". */
void db_statements_print(
    const struct db_statements_counts *counts, int functions);

#endif /* DB_STATEMENTS_H */
