/* SPDX-License-Identifier: MIT */
/*
 * db-check -- whether migrations and statements would do on this database,
 * before anything is changed.
 *
 * Migrations that are due are applied to a copy of the schema (db-scratch.h),
 * and the statements prepared and planned there, each as its role.  Without
 * any that is due the statements are prepared in the database itself, those
 * that do not serve already.
 */
#ifndef DB_CHECK_H
#define DB_CHECK_H

#include "db-scratch.h"
#include "descriptor.h"

struct db_check {
	/* In. */
	const char *migrations;           /* a folder; NULL for none */
	struct descriptor *const *coming; /* all that are to serve */
	int ncoming;
	struct descriptor *const *serving; /* all that serve now */
	int nserving;
	bool break_allowed; /* of those a statement may fail: a warning */
	bool all; /* without migrations too, statements that serve already */

	/* Out. */
	int due;        /* migrations that are not applied yet */
	int statements; /* that were prepared */
	int warned;     /* statements of what serves now that fail */
	bool unknown;   /* nothing could be tried beforehand */
	char why[DB_SCRATCH_PROBLEM_MAX]; /* then: the reason */
};

/*
 * CLI_OK; or what is to be mended has been said on standard error, each fault
 * in a message of its own: CLI_FAILED, CLI_CONFLICT for migrations that do not
 * fit the history, CLI_NOT_FOUND without the folder.  With unknown the result
 * is CLI_OK, and it is the caller who says so.
 *
 * A statement of what serves now is refused when the migrations break it; one
 * that fails today is none of their fault.
 */
int db_check(struct db_check *check) MUST_CHECK;

#endif /* DB_CHECK_H */
