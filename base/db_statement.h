/* SPDX-License-Identifier: MIT */
/*
 * db_statement -- one SQL statement of a function: its name, its text, and the
 * name under which it is prepared.
 *
 * They are made from cgi-bin/NAME.sql by scripts/embed-sql and included as
 * NAME.sql.h.
 */
#ifndef DB_STATEMENT_H
#define DB_STATEMENT_H

#include "base.h"

enum {
	DB_STATEMENT_NAME_MAX = 46,     /* bytes of a statement's name */
	DB_STATEMENT_PREPARED_MAX = 64, /* bytes with NUL: NAMEDATALEN */
};

struct db_statement {
	const char *name; /* "article-get.by-slug": of the file and in it */
	const char *sql;  /* with $1..$n */
	int line;         /* of the file, on which sql begins */
	int nargs;        /* the highest $n */
};

/*
 * The name under which PgBouncer's connect_query prepares a statement: its
 * name, '@', and 16 hexadecimal digits of the FNV-1a hash of its text, so that
 * two versions of a function never meet under one name.
 */
void db_statement_prepared(
    const char *name, const char *sql, char out[DB_STATEMENT_PREPARED_MAX]);

/*
 * Why sql cannot be a statement of a function, or NULL.  PREPARE takes one
 * SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES, TABLE or WITH; a transaction
 * is begun and ended by the library alone (.atomic), because behind a pooler
 * a hand-made COMMIT may be another connection's.
 */
const char *db_statement_problem(const char *sql) MUST_CHECK;

#endif /* DB_STATEMENT_H */
