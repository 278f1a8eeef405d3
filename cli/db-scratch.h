/* SPDX-License-Identifier: MIT */
/*
 * db-scratch -- an empty copy of the database, to try things in: its schema,
 * its roles' names and its history of migrations, in a database of its own,
 * mayfly_scratch_N.
 *
 * N is the server's process of a connection that lives as long as the copy is
 * needed.  A copy without it is left over from a run that was killed, and the
 * next one drops it.
 *
 * pg_dump takes an ACCESS SHARE lock on every table for a moment: it waits up
 * to 2 s for who holds one ACCESS EXCLUSIVE, and who wants one meanwhile waits
 * for it.
 */
#ifndef DB_SCRATCH_H
#define DB_SCRATCH_H

#include "db-direct.h"

enum {
	DB_SCRATCH_NAME_MAX = 64,      /* bytes, with NUL: NAMEDATALEN */
	DB_SCRATCH_PROBLEM_MAX = 1024, /* bytes, with NUL */
};

struct db_scratch {
	PGconn *keeper; /* to the database itself */
	PGconn *conn;   /* to the copy; as db_direct_open() gives one */
	char live[DB_SCRATCH_NAME_MAX]; /* the database that it is a copy of */
	char name[DB_SCRATCH_NAME_MAX];
	bool made;
	char problem[DB_SCRATCH_PROBLEM_MAX]; /* why it cannot be had */
};

enum db_scratch_status {
	DB_SCRATCH_OPEN,
	DB_SCRATCH_UNKNOWN, /* here none can be had: problem says why */
	DB_SCRATCH_FAILED,  /* cli_fail() has said why */
};

/* A copy of what MAYFLY_MIGRATE_URL names.  Close it, however this went. */
enum db_scratch_status db_scratch_open(struct db_scratch *s) MUST_CHECK;

/* Drop it.  Accepts one that was never opened ({0}). */
void db_scratch_close(struct db_scratch *s);

#endif /* DB_SCRATCH_H */
