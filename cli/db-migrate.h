/* SPDX-License-Identifier: MIT */
/*
 * db-migrate -- a folder of migrations, NNN-topic.sql from 001 without a gap,
 * and what of it a database does not have yet.
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "buf.h"
#include "db-direct.h"

enum {
	DB_MIGRATE_NAME_MAX = 100,  /* bytes of a file's name, with NUL */
	DB_MIGRATE_HASH_CHARS = 64, /* of BLAKE2b-256, in hex */
};

struct db_migrate_file {
	int number;
	char name[DB_MIGRATE_NAME_MAX];
	char checksum[DB_MIGRATE_HASH_CHARS + 1];
	struct buf sql;
	bool applied; /* db_migrate_history() knows */
};

struct db_migrations {
	const char *folder;           /* the caller's */
	struct db_migrate_file *list; /* sorted by number */
	int n;
	int done; /* of them by db_migrate_apply() */
};

/* Read a folder.  Returns CLI_OK, or what cli_fail() did; free it both ways. */
int db_migrate_load(struct db_migrations *m, const char *folder) MUST_CHECK;
void db_migrate_free(struct db_migrations *m);

/* Mark what this database has, with its table or without.  Changes nothing,
 * waits for nobody.  CLI_CONFLICT after cli_fail() where history and files do
 * not fit together. */
int db_migrate_history(PGconn *conn, struct db_migrations *m) MUST_CHECK;

/* How many files are not applied. */
int db_migrate_due(const struct db_migrations *m);

/*
 * Apply what is missing, in order, each file in a transaction of its own; make
 * schema_migration and the roles where they are missing.  Prints "applied NAME
 * in N ms" for each, and marks it.  Returns CLI_OK, or what cli_fail() did:
 * what was applied before it stays.
 */
int db_migrate_apply(PGconn *conn, struct db_migrations *m) MUST_CHECK;

enum db_migrate_rehearsal {
	DB_MIGRATE_FITS,
	DB_MIGRATE_REFUSED, /* cli_fail() has said file, line and why */
	DB_MIGRATE_UNKNOWN, /* it cannot be tried without doing it: problem */
};

/*
 * The same in a copy of the database of that name (db-scratch.h), printing
 * nothing.  Roles belong to the whole cluster: from the file on that makes or
 * changes some, all is one transaction, which stays open, and which the caller
 * never commits.
 */
enum db_migrate_rehearsal db_migrate_rehearse(PGconn *conn,
    struct db_migrations *m, const char *database, char *problem,
    size_t size) MUST_CHECK;

#endif /* DB_MIGRATE_H */
