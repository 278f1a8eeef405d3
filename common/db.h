/* SPDX-License-Identifier: MIT */
/*
 * db -- the queries of a request, over one PostgreSQL connection.
 *
 * Model.  A function process serves one request at a time, so it holds one
 * connection: opened by the first query, kept between requests, opened again
 * when the server has dropped it.  Sharing server connections between
 * processes is the work of PgBouncer.
 *
 * Statements.  A call sends the name under which the server connection has the
 * statement prepared, db_statement_prepared(), and values, so nothing is parsed
 * or planned.  Where that name is not known (a new connection), or a column has
 * another type by now, the text is sent instead; and with it goes the wish to
 * prepare the statements of this function, by prepare_statements() (sql/,
 * doc/design.md), so that it is so once for each server connection.
 *
 * Failure sticks.  After a failure that is not the caller's, the queries that
 * follow do nothing, rows are empty, columns read as NULL, 0 and false, and the
 * library answers 503 or 500 whatever the handler returns: so a handler reads
 * straight down.  What the caller has caused (a taken name) is the handler's to
 * word: it asks db_refused().  If it does not ask, the library words it.  A
 * token whose session has ended is a failure, too, answered 401, and so is what
 * the user lacks the role for, answered 403.
 *
 * Ownership.  Rows belong to the request.  Callers free nothing.
 *
 * Types.  Parameters travel as NUL-terminated UTF-8 text and PostgreSQL checks
 * them; a NULL pointer is SQL NULL.  Columns travel in PostgreSQL's binary
 * form: text is the same bytes, and numbers, times and arrays need no parser.
 *
 * Errors.  The world's fault and our bugs are logged once, here, with SQLSTATE
 * and the statement's name, never with values.
 */
#ifndef DB_H
#define DB_H

#include "base.h"
#include "db_statement.h"
#include "pg.h" /* enum db_status */
#include "pg_array.h"
#include "pg_value.h" /* pg_value_int() */

struct arena;
struct out;
struct db_column; /* private to db_json.c */
struct pg_result; /* libpq: PGresult */
struct db;        /* private to db.c */

enum {
	DB_CONNECT_TIMEOUT_MS = 900, /* so that a reply comes within 1 s */
	DB_CALLS_MAX = 24,           /* statements in one db_all() */
	DB_LIST_TEXT_MAX = 1 << 20,  /* bytes: an array by db_as_text() */
	/* The role's statement_timeout (sql/); a function whose query_ms is
	 * larger sets it for each of its queries. */
	DB_ROLE_TIMEOUT_MS = 2500,
};

/* What one query has returned. */
struct db_rows {
	int n;       /* rows returned; 0 after a failure */
	int changed; /* rows inserted, updated or deleted */
	/* Private to db.c from here on. */
	const struct db_statement *statement;
	struct db *db;
	struct db_rows *older;
	struct pg_result *res; /* NULL after a failure */
	enum db_status status;
	struct db_refusal *refusal; /* NULL: it was not refused */
	int next;                   /* the column that is probably read next */
	int columns;
	struct {
		const char *name;  /* that of the last call for this column */
		const void *types; /* what that call took */
	} * read;                  /* one for each column, and one more */
	struct db_column *written; /* for JSON; NULL at first */
	bool all_written;          /* each of those is known */
};

/* One of the statements of db_all(). */
struct db_call {
	const struct db_statement *statement;
	const char *const *args;
	int n;
};

#define DB_NO_ARGS NULL, 0
#define DB_ARGS(...)                                                           \
	(const char *const[]){__VA_ARGS__},                                    \
	    (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/*
 * Run one statement with $1..$n bound to args, strings or NULL, and wait for
 * it.  Never NULL.  A connection kept from an earlier request that is dead is
 * opened again; a statement that may have reached the server is never sent
 * twice.  Takes at most DB_CONNECT_TIMEOUT_MS plus the function's query_ms,
 * within its deadline.
 */
struct db_rows *db_query(struct db *db, const struct db_statement *statement,
    const char *const *args, int n);

/*
 * Run n statements, 1 to DB_CALLS_MAX, in one round trip and as one
 * transaction: rows[i] is that of calls[i]; when one fails, or the commit,
 * none of them has happened, and all rows have that status.
 */
void db_all(
    struct db *db, struct db_rows *rows[], const struct db_call *calls, int n);

/*
 * DB_OK, or how the query was refused for what the caller wants: DB_DUPLICATE,
 * DB_NO_PARENT or DB_BAD_VALUE, which is the handler's to word from then on. Of
 * db_all() any of the rows will do; of several queries each is asked about.
 * Any other failure is DB_OK here: the library answers it.
 */
enum db_status db_refused(struct db_rows *rows);

/* Whether it failed for no fault of the caller's: for a handler that has costly
 * work ahead.  Whatever that returns, the library answers. */
bool db_failed(const struct db_rows *rows);

/* After DB_DUPLICATE and its like: the name of the constraint that this query
 * has broken; else "". */
const char *db_constraint(const struct db_rows *rows);

/*
 * One value: row 0 to rows->n - 1, column by its SQL name, a literal.  A row or
 * column that is not there, of another type, or NULL where that cannot be, is a
 * bug.
 *
 * db_span	text, varchar, name: UTF-8, at is NULL for NULL
 * db_text	the same, NUL-terminated
 * db_int	int2, int4, int8, not NULL
 * db_bool	bool, not NULL
 * db_time	timestamptz, not NULL: microseconds since 1970; infinity is
 *		INT64_MAX or INT64_MIN
 * db_float	float4, float8, not NULL
 * db_texts	text[], not NULL: its items, by pg_array_next()
 * db_ints	int2[], int4[], int8[], not NULL: its items, by pg_array_next(),
 *		each a number by pg_value_int()
 * db_is_null	any type
 */
struct span db_span(struct db_rows *rows, int row, const char *col);
const char *db_text(struct db_rows *rows, int row, const char *col);
int64_t db_int(struct db_rows *rows, int row, const char *col);
bool db_bool(struct db_rows *rows, int row, const char *col);
int64_t db_time(struct db_rows *rows, int row, const char *col);
double db_float(struct db_rows *rows, int row, const char *col);
struct pg_array db_texts(struct db_rows *rows, int row, const char *col);
struct pg_array db_ints(struct db_rows *rows, int row, const char *col);
bool db_is_null(struct db_rows *rows, int row, const char *col);

/*
 * A row as a JSON object: every column under its SQL name, by its type, as
 * doc/columns.md says.  db_write_rows: a list of all rows.  db_as_text: one
 * value as it stands in JSON, without the quotes, for HTML and CSV; NULL for
 * NULL; the request's.  After a failure they are null, an empty list, and NULL.
 *
 * A type that is not in that table, an array of several dimensions, and two
 * columns of one name are bugs.  The names are looked at once for each result.
 */
void db_write_row(
    struct out *o, const char *key, struct db_rows *rows, int row);
void db_write_rows(struct out *o, const char *key, struct db_rows *rows);
const char *db_as_text(struct db_rows *rows, int row, const char *col);

/* ---- for serve.c ---- */

/* What a connection is made from. */
struct db_plan {
	const char *conninfo; /* NULL: none, and every query is DB_DOWN */
	struct arena *arena;  /* of the request */
	const struct db_statement *const *statements; /* up to NULL, or NULL */
	int64_t query_ms, queries;                    /* struct fn_limits */
	bool atomic;
	/* The statement that asks for a token's session, or NULL. */
	const struct db_statement *session;
};

struct db *db_new(const struct db_plan *plan);

/* A request begins: its queries, and connecting, end by this time
 * (stamp_monotonic_ns()), so that there is still time for a reply. */
void db_begin(struct db *db, int64_t deadline_ns);

/* The request bears a token: its first query asks for this session, too, in one
 * round trip and transaction, and is DB_SESSION_OVER when that has ended. */
void db_session(struct db *db, const char *session_id, const char *user_id);

/* Before its first query: this request is .atomic, whatever the plan says. */
void db_be_atomic(struct db *db);

/* db_all() with statements of the library's own: they are sent as text, and do
 * not count as queries of the handler. */
void db_library(
    struct db *db, struct db_rows *rows[], const struct db_call *calls, int n);

/*
 * A statement of the library's own, which no descriptor lists: it goes by text,
 * and stays whatever becomes of the function's transaction, so it comes before
 * the first query of one that is .atomic.
 */
struct db_rows *db_query_apart(struct db *db,
    const struct db_statement *statement, const char *const *args, int n);

/*
 * What has become of the queries: DB_OK, or the failure that stuck, or a
 * refusal that nobody has asked about.  again: nothing has happened, and the
 * handler is to be run once more, which sends texts (.atomic: a name that is
 * not prepared ends the transaction).
 */
enum db_status db_outcome(struct db *db, bool *again);

/* What failed, for MAYFLY_DEV: "article-get.by-slug: 42703 ..."; or NULL. */
const char *db_cause(const struct db *db);

/* .atomic: commit, in one round trip with n calls before it, 0 to DB_CALLS_MAX,
 * whose statements are the library's; otherwise, and after a failure, there is
 * nothing to do.  Whatever is not DB_OK means that nothing is stored, but for
 * DB_DOWN, after which that is not known. */
enum db_status db_commit(
    struct db *db, const struct db_call *calls, int n) MUST_CHECK;

/* The request has ended: undo what is not committed, free the rows. */
void db_end(struct db *db);

/* Close the connection and free everything; accepts NULL. */
void db_free(struct db *db);

#endif /* DB_H */
