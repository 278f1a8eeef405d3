/* SPDX-License-Identifier: MIT */
/* db -- see db.h.  libpq without its blocking calls, so that every wait has a
 * deadline. */
#include "db.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "stamp.h"

enum {
	BINARY = 1,         /* PQsendQueryParams(): the format of the result */
	PREPARED_KEPT = 16, /* names not computed again */
};

/* A statement of this function, and its name on the server. */
struct prepared {
	const struct db_statement *statement;
	char name[DB_PREPARED_NAME_MAX];
};

struct db {
	char *conninfo;
	PGconn *conn; /* NULL until the first query, and after a failure */
	int64_t deadline_ns; /* of the request */
	PGresult *results[DB_RESULTS_MAX];
	int nresults;
	const PGresult *last; /* of the newest query; owned by results */
	struct prepared prepared[PREPARED_KEPT]; /* used so far */
};

enum outcome { READY, TIMED_OUT, BROKEN };

/* Source: PostgreSQL's src/include/catalog/pg_type.dat. */
enum type {
	TYPE_BOOL = 16,
	TYPE_NAME = 19,
	TYPE_INT8 = 20,
	TYPE_INT2 = 21,
	TYPE_INT4 = 23,
	TYPE_TEXT = 25,
	TYPE_TEXT_ARRAY = 1009,
	TYPE_VARCHAR = 1043,
	TYPE_TIMESTAMPTZ = 1184,
};

/* Times are microseconds since 2000-01-01: src/include/datatype/timestamp.h. */
#define EPOCH_US (INT64_C(946684800) * 1000000)

struct db *
db_new(const char *conninfo)
{
	struct db *db;
	size_t len;

	db = xmalloc(sizeof(*db));
	memset(db, 0, sizeof(*db));
	db->deadline_ns = INT64_MAX;
	if (conninfo == NULL)
		return db;
	len = strlen(conninfo) + 1;
	db->conninfo = xmalloc(len);
	memcpy(db->conninfo, conninfo, len);
	return db;
}

void
db_begin(struct db *db, int64_t deadline_ns)
{
	db->deadline_ns = deadline_ns;
}

/* A time to wait, within that of the request. */
static int64_t
end_of(const struct db *db, int64_t wait_ms)
{
	int64_t end = stamp_monotonic_ns() + wait_ms * 1000000;

	return end < db->deadline_ns ? end : db->deadline_ns;
}

void
db_prepared_name(
    const char *name, const char *sql, char out[DB_PREPARED_NAME_MAX])
{
	uint64_t hash = 0xcbf29ce484222325; /* FNV-1a, RFC 9923 */

	for (; *sql != '\0'; sql++)
		hash = (hash ^ (unsigned char)*sql) * 0x100000001b3;
	snprintf(out, DB_PREPARED_NAME_MAX, "%.46s@%016llx", name,
	    (unsigned long long)hash);
}

static void
disconnect(struct db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
}

static enum outcome
wait_for(const struct db *db, short events, int64_t deadline_ns)
{
	struct pollfd pfd = {.fd = PQsocket(db->conn), .events = events};
	int64_t left_ns;
	int n;

	do {
		left_ns = deadline_ns - stamp_monotonic_ns();
		if (left_ns <= 0)
			return TIMED_OUT;
		n = poll(&pfd, 1, (int)(left_ns / 1000000 + 1));
	} while (n == 0 || (n < 0 && errno == EINTR));
	return n < 0 ? BROKEN : READY;
}

/* Log why there is no connection, once.  Where libpq names no reason behind its
 * colon it was logged where it was found: libpq_crypto.c. */
static enum db_status
down(struct db *db, const char *why)
{
	size_t len = strlen(why);

	if (len < 2 || strcmp(why + len - 2, ": ") != 0)
		log_error("database: %s", why);
	disconnect(db);
	return DB_DOWN;
}

static enum db_status
connect_now(struct db *db)
{
	/* GSS is refused at link time (libpq_stubs.c); a value in the URL wins
	 * nothing by asking for it. */
	const char *const keys[] = {"dbname", "gssencmode", NULL};
	const char *const vals[] = {db->conninfo, "disable", NULL};
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;
	enum outcome ready;
	int64_t deadline;

	if (db->conninfo == NULL)
		return down(db, "DATABASE_URL is not set");
	deadline = end_of(db, DB_CONNECT_TIMEOUT_MS);
	db->conn = PQconnectStartParams(keys, vals, 1);
	if (db->conn == NULL)
		abort(); /* no memory */
	if (PQstatus(db->conn) == CONNECTION_BAD)
		return down(db, PQerrorMessage(db->conn));
	while (state != PGRES_POLLING_OK) {
		ready = wait_for(db,
		    state == PGRES_POLLING_READING ? POLLIN : POLLOUT,
		    deadline);
		if (ready != READY)
			return down(db, "no answer to a new connection");
		state = PQconnectPoll(db->conn);
		if (state == PGRES_POLLING_FAILED)
			return down(db, PQerrorMessage(db->conn));
	}
	if (PQsetnonblocking(db->conn, 1) != 0)
		return down(db, PQerrorMessage(db->conn));
	return DB_OK;
}

/* A kept connection may have been closed since: nothing should be readable. */
static bool
went_away(struct db *db)
{
	struct pollfd pfd = {.fd = PQsocket(db->conn), .events = POLLIN};

	if (poll(&pfd, 1, 0) == 0)
		return false;
	return PQconsumeInput(db->conn) == 0 ||
	       PQstatus(db->conn) == CONNECTION_BAD;
}

static enum outcome
flush(struct db *db, int64_t deadline)
{
	enum outcome ready;
	int left;

	while ((left = PQflush(db->conn)) > 0) {
		ready = wait_for(db, POLLIN | POLLOUT, deadline);
		if (ready != READY)
			return ready;
		if (PQconsumeInput(db->conn) == 0)
			return BROKEN;
	}
	return left == 0 ? READY : BROKEN;
}

/* Send what is queued and keep the first result; later ones are emptied. */
static enum outcome
collect(struct db *db, int64_t deadline, PGresult **first)
{
	enum outcome ready;
	PGresult *res;

	*first = NULL;
	ready = flush(db, deadline);
	if (ready != READY)
		return ready;
	for (;;) {
		while (PQisBusy(db->conn)) {
			ready = wait_for(db, POLLIN, deadline);
			if (ready == READY && PQconsumeInput(db->conn) == 0)
				ready = BROKEN;
			if (ready != READY) {
				PQclear(*first);
				*first = NULL;
				return ready;
			}
		}
		res = PQgetResult(db->conn);
		if (res == NULL)
			return *first != NULL ? READY : BROKEN;
		if (*first == NULL)
			*first = res;
		else
			PQclear(res);
	}
}

/* SQLSTATEs by prefix, first match wins.  Source: see enum db_status. */
static const struct {
	const char *prefix;
	enum db_status status;
} sqlstates[] = {
    {"23505", DB_DUPLICATE},
    {"23503", DB_NO_PARENT},
    {"23502", DB_BAD_VALUE},
    {"23514", DB_BAD_VALUE},
    {"22", DB_BAD_VALUE},
    {"40001", DB_AGAIN},
    {"40P01", DB_AGAIN},
    {"55P03", DB_AGAIN},
    {"57014", DB_AGAIN},
    {"25006", DB_AGAIN},
    {"08", DB_DOWN},
    {"53", DB_DOWN},
    {"57P", DB_DOWN},
};

static enum db_status
status_of(const char *sqlstate)
{
	for (size_t i = 0; i < LENGTH(sqlstates); i++) {
		if (strncmp(sqlstate, sqlstates[i].prefix,
		        strlen(sqlstates[i].prefix)) == 0)
			return sqlstates[i].status;
	}
	return DB_FAILED;
}

/* A failed result: choose the status, and log what is not the caller's. */
static enum db_status
refused(struct db *db, const PGresult *res, const char *name)
{
	const char *sqlstate, *message;
	enum db_status st;

	sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	if (sqlstate == NULL)
		sqlstate = "08006"; /* libpq's own: the connection is gone */
	message = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	st = status_of(sqlstate);
	if (st == DB_AGAIN || st == DB_DOWN || st == DB_FAILED)
		log_error("database: %s: %s %s", name, sqlstate,
		    message != NULL ? message : PQerrorMessage(db->conn));
	if (PQstatus(db->conn) == CONNECTION_BAD)
		disconnect(db);
	return st;
}

static bool
is_unprepared(const PGresult *res)
{
	const char *sqlstate;

	sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	return sqlstate != NULL && strcmp(sqlstate, "26000") == 0;
}

static const char *
prepared_name(struct db *db, const struct db_statement *statement)
{
	struct prepared *p = db->prepared;

	while (p->statement != statement && p->statement != NULL &&
	       p < &db->prepared[PREPARED_KEPT - 1])
		p++;
	if (p->statement != statement) {
		p->statement = statement;
		db_prepared_name(statement->name, statement->sql, p->name);
	}
	return p->name;
}

/* By name, then by text where the name is not known there. */
static enum outcome
run(struct db *db, const struct db_statement *statement,
    const char *const *args, int n, PGresult **res)
{
	const char *name = prepared_name(db, statement);
	enum outcome ready;
	int64_t deadline;

	*res = NULL;
	deadline = end_of(db, DB_QUERY_TIMEOUT_MS);
	if (PQsendQueryPrepared(db->conn, name, n, args, NULL, NULL, BINARY) ==
	    0)
		return BROKEN;
	ready = collect(db, deadline, res);
	if (ready != READY || !is_unprepared(*res))
		return ready;
	log_debug("database: %s is not prepared", name);
	PQclear(*res);
	*res = NULL;
	if (PQsendQueryParams(db->conn, statement->sql, n, NULL, args, NULL,
	        NULL, BINARY) == 0)
		return BROKEN;
	return collect(db, deadline, res);
}

enum db_status
db_query(struct db *db, struct db_rows *rows,
    const struct db_statement *statement, const char *const *args, int n)
{
	enum outcome outcome;
	enum db_status st;
	PGresult *res;

	*rows = (struct db_rows){.res = NULL};
	db->last = NULL;
	if (n > DB_ARGS_MAX || db->nresults == DB_RESULTS_MAX)
		abort();
	if (db->conn != NULL && went_away(db))
		disconnect(db);
	if (db->conn == NULL) {
		st = connect_now(db);
		if (st != DB_OK)
			return st;
	}
	outcome = run(db, statement, args, n, &res);
	if (outcome == TIMED_OUT) {
		log_error("database: %s: no answer in time", statement->name);
		disconnect(db);
		return DB_AGAIN;
	}
	if (outcome == BROKEN)
		return down(db, PQerrorMessage(db->conn));
	db->results[db->nresults++] = res;
	db->last = res;
	if (PQresultStatus(res) != PGRES_TUPLES_OK &&
	    PQresultStatus(res) != PGRES_COMMAND_OK)
		return refused(db, res, statement->name);
	if (PQnfields(res) > DB_COLUMNS_MAX)
		abort();
	rows->res = res;
	rows->n = PQntuples(res);
	rows->changed = (int)strtol(PQcmdTuples(res), NULL, 10);
	return DB_OK;
}

const char *
db_constraint(const struct db *db)
{
	const char *name;

	name = PQresultErrorField(db->last, PG_DIAG_CONSTRAINT_NAME);
	return name != NULL ? name : "";
}

enum http_status
db_http(enum db_status st)
{
	static const enum http_status table[] = {
	    [DB_OK] = HTTP_OK,
	    [DB_DUPLICATE] = HTTP_CONFLICT,
	    [DB_NO_PARENT] = HTTP_CONFLICT,
	    [DB_BAD_VALUE] = HTTP_UNPROCESSABLE_CONTENT,
	    [DB_AGAIN] = HTTP_SERVICE_UNAVAILABLE,
	    [DB_DOWN] = HTTP_SERVICE_UNAVAILABLE,
	    [DB_FAILED] = HTTP_INTERNAL_SERVER_ERROR,
	};

	return table[st];
}

/* The column of this name, whose type must be one of types, up to 0. */
static int
find_column(struct db_rows *rows, const char *name, const Oid *types)
{
	int n = PQnfields(rows->res), col = 0;
	Oid type;

	while (col < n && strcmp(PQfname(rows->res, col), name) != 0)
		col++;
	if (col == n) {
		log_error("database: no column %s", name);
		abort();
	}
	type = PQftype(rows->res, col);
	while (*types != type && *types != 0)
		types++;
	if (*types == 0) {
		log_error("database: column %s is of type %u", name, type);
		abort();
	}
	return col;
}

/*
 * The bytes of a value; at is NULL for NULL.  The column is probably the one
 * behind that read last: statements list columns in the order they are read,
 * row by row, by the same literals.  Only when it is another it is looked up.
 */
static struct span
value_of(struct db_rows *rows, int row, const char *name, const Oid *types)
{
	int col = rows->next;
	size_t len;

	if (row < 0 || row >= rows->n)
		abort();
	if (rows->read[col].name != name || rows->read[col].types != types) {
		col = find_column(rows, name, types);
		rows->read[col].name = name;
		rows->read[col].types = types;
	}
	rows->next = (col + 1) % DB_COLUMNS_MAX;
	len = (size_t)PQgetlength(rows->res, row, col);
	if (len == 0 && PQgetisnull(rows->res, row, col))
		return (struct span){.at = NULL};
	return (struct span){PQgetvalue(rows->res, row, col), len};
}

struct span
db_span(struct db_rows *rows, int row, const char *col)
{
	static const Oid types[] = {TYPE_TEXT, TYPE_VARCHAR, TYPE_NAME, 0};

	return value_of(rows, row, col, types);
}

const char *
db_text(struct db_rows *rows, int row, const char *col)
{
	return db_span(rows, row, col).at;
}

/* A big-endian number of 1 to 8 bytes, with its sign. */
static int64_t
number(struct span bytes)
{
	uint64_t value;

	if (bytes.at == NULL || bytes.len == 0 || bytes.len > sizeof(value))
		abort();
	value = (bytes.at[0] & 0x80) != 0 ? UINT64_MAX : 0;
	for (size_t i = 0; i < bytes.len; i++)
		value = value << 8 | (unsigned char)bytes.at[i];
	return (int64_t)value;
}

int64_t
db_int(struct db_rows *rows, int row, const char *col)
{
	static const Oid types[] = {TYPE_INT8, TYPE_INT4, TYPE_INT2, 0};

	return number(value_of(rows, row, col, types));
}

bool
db_bool(struct db_rows *rows, int row, const char *col)
{
	static const Oid types[] = {TYPE_BOOL, 0};

	return number(value_of(rows, row, col, types)) != 0;
}

int64_t
db_time(struct db_rows *rows, int row, const char *col)
{
	static const Oid types[] = {TYPE_TIMESTAMPTZ, 0};
	int64_t us;

	us = number(value_of(rows, row, col, types));
	if (us == INT64_MIN || us > INT64_MAX - EPOCH_US)
		return us < 0 ? INT64_MIN : INT64_MAX;
	return us + EPOCH_US;
}

struct pg_array
db_texts(struct db_rows *rows, int row, const char *col)
{
	static const Oid types[] = {TYPE_TEXT_ARRAY, 0};
	struct pg_array array;
	struct span bytes;

	bytes = value_of(rows, row, col, types);
	if (bytes.at == NULL || !pg_array_open(&array, bytes, TYPE_TEXT))
		abort();
	return array;
}

void
db_reset(struct db *db)
{
	for (int i = 0; i < db->nresults; i++)
		PQclear(db->results[i]);
	db->nresults = 0;
	db->last = NULL;
	if (db->conn != NULL && PQtransactionStatus(db->conn) != PQTRANS_IDLE)
		disconnect(db);
}

void
db_free(struct db *db)
{
	if (db == NULL)
		return;
	db_reset(db);
	disconnect(db);
	free(db->conninfo);
	free(db);
}
