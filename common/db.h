/* SPDX-License-Identifier: MIT */
/*
 * db -- one PostgreSQL connection, and prepared statements over it.
 *
 * Model.  A function process serves one request at a time, so it holds one
 * connection: opened by the first query, kept between requests, opened again
 * when the server has dropped it.  Sharing server connections between
 * processes is the work of PgBouncer.
 *
 * Statements.  A statement is prepared on every server connection under
 * db_prepared_name() by PgBouncer's connect_query (sql/, doc/design.md), so a
 * call sends a name and values, and nothing is parsed or planned.  Where that
 * name is not known (a fresh deploy, no PgBouncer) the text is sent instead.
 *
 * Ownership.  Whatever a query yields belongs to the struct db and lives until
 * db_reset(), which fn_main() calls after each reply.  Callers free nothing.
 *
 * Types.  Parameters travel as NUL-terminated UTF-8 text and PostgreSQL checks
 * them; a NULL pointer is SQL NULL.  Columns travel in PostgreSQL's binary
 * form: text is the same bytes, and numbers, times and arrays need no parser.
 *
 * Errors.  The world's fault and our bugs are logged once, here, with SQLSTATE
 * and the statement's name, never with values.  Callers only choose a reply.
 */
#ifndef DB_H
#define DB_H

#include "base.h"
#include "pg_array.h"
#include "http.h"

struct pg_result; /* libpq: PGresult */
struct db;        /* private to db.c */

enum {
	DB_CONNECT_TIMEOUT_MS = 900, /* so that a reply comes within 1 s */
	DB_QUERY_TIMEOUT_MS = 2500,  /* below the deadline of a function */
	DB_ARGS_MAX = 16,            /* parameters in one statement */
	DB_RESULTS_MAX = 8,          /* queries in one request */
	DB_COLUMNS_MAX = 32,         /* columns in one result */
	DB_PREPARED_NAME_MAX = 64,   /* bytes with NUL: NAMEDATALEN */
};

/* A literal with $1..$n; name is unique among the statements of a function's
 * name prefix: "article-get.by-slug", at most 46 bytes. */
struct db_statement {
	const char *name;
	const char *sql;
};

/*
 * What a caller can do about it, not what went wrong.
 * Source: PostgreSQL manual, appendix A, "PostgreSQL Error Codes".
 */
enum db_status {
	DB_OK,        /* it ran; rows->n may be 0                         -   */
	DB_DUPLICATE, /* 23505: a unique key is taken: db_constraint()    409 */
	DB_NO_PARENT, /* 23503: the row it refers to is not there         409 */
	DB_BAD_VALUE, /* class 22, 23502, 23514: the value does not fit   422 */
	DB_AGAIN,     /* 40001, 40P01, 55P03, 57014, 25006: lost a race,
	               * too slow, or a standby                           503 */
	DB_DOWN,      /* class 08, 53, 57P, or no server                  503 */
	DB_FAILED,    /* the rest: our bug                                500 */
};

/* The outcome of one query.  Filled by db_query(); read by db_text() etc. */
struct db_rows {
	struct pg_result *res; /* valid until db_reset() */
	int n;                 /* rows returned, 0 or more */
	int changed;           /* rows inserted, updated or deleted */
	int next;              /* the column that is probably read next */
	struct {
		const char *name;  /* that of the last call for this column */
		const void *types; /* what that call took; private to db.c */
	} read[DB_COLUMNS_MAX];
};

/* A handle for a libpq URI or conninfo (copied); NULL means that none is
 * configured, and every query is DB_DOWN.  Does not connect. */
struct db *db_new(const char *conninfo);

/* A request begins: its queries, and connecting, end by this time
 * (stamp_monotonic_ns()), so that there is still time for a reply. */
void db_begin(struct db *db, int64_t deadline_ns);

/*
 * Run one statement with $1..$n bound to args, and wait for it.
 *
 *	rows	always filled; after a failure rows->n is 0
 *	args	n strings, NULL for SQL NULL; read before return, not kept
 *	n	0 to DB_ARGS_MAX; write both as DB_ARGS(a, b) or DB_NO_ARGS
 *
 * Takes at most DB_CONNECT_TIMEOUT_MS plus DB_QUERY_TIMEOUT_MS, and never
 * longer than db_begin() allows.  A connection kept from an earlier request
 * that proves dead before the statement was sent is opened again once; a
 * statement that may have reached the server is never sent twice.
 */
enum db_status db_query(struct db *db, struct db_rows *rows,
    const struct db_statement *statement, const char *const *args,
    int n) MUST_CHECK;

#define DB_NO_ARGS NULL, 0
#define DB_ARGS(...)                                                           \
	(const char *const[]){__VA_ARGS__},                                    \
	    (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* After DB_DUPLICATE: the name of the constraint; "" otherwise. */
const char *db_constraint(const struct db *db);

/* The status for a failure, from the last column above. */
enum http_status db_http(enum db_status st);

/*
 * One value: row 0 to rows->n - 1, column by its SQL name, a literal.  A row or
 * column that is not there, or of another type, is a bug: abort().
 *
 * db_span	text, varchar, name: UTF-8, at is NULL for NULL; valid until
 *		db_reset()
 * db_text	the same, NUL-terminated
 * db_int	int2, int4, int8, not NULL
 * db_bool	bool, not NULL
 * db_time	timestamptz, not NULL: microseconds since 1970; infinity is
 *		INT64_MAX or INT64_MIN
 * db_texts	text[], not NULL: its items, by pg_array_next()
 */
struct span db_span(struct db_rows *rows, int row, const char *col);
const char *db_text(struct db_rows *rows, int row, const char *col);
int64_t db_int(struct db_rows *rows, int row, const char *col);
bool db_bool(struct db_rows *rows, int row, const char *col);
int64_t db_time(struct db_rows *rows, int row, const char *col);
struct pg_array db_texts(struct db_rows *rows, int row, const char *col);

/*
 * The name under which PgBouncer's connect_query prepares a statement:
 * statement->name, '@', and 16 hexadecimal digits of the FNV-1a hash of its
 * text, so that two versions of a function never meet under one name.
 */
void db_prepared_name(
    const char *name, const char *sql, char out[DB_PREPARED_NAME_MAX]);

/* Free the results; drop a connection that is inside a transaction. */
void db_reset(struct db *db);

/* Close the connection and free everything; accepts NULL. */
void db_free(struct db *db);

#endif /* DB_H */
