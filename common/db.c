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

struct db {
	char *conninfo;
	PGconn *conn; /* NULL until the first query, and after a failure */
	PGresult *results[DB_RESULTS_MAX];
	int nresults;
	const PGresult *last; /* of the newest query; owned by results */
};

enum outcome { READY, TIMED_OUT, BROKEN };

struct db *
db_new(const char *conninfo)
{
	struct db *db;
	size_t len;

	db = xmalloc(sizeof(*db));
	memset(db, 0, sizeof(*db));
	if (conninfo == NULL)
		return db;
	len = strlen(conninfo) + 1;
	db->conninfo = xmalloc(len);
	memcpy(db->conninfo, conninfo, len);
	return db;
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

/* Log why there is no connection, once, without its address. */
static enum db_status
down(struct db *db, const char *why)
{
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
	deadline = stamp_monotonic_ns() + DB_CONNECT_TIMEOUT_MS * 1000000LL;
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

/* By name, then by text where the name is not known there. */
static enum outcome
run(struct db *db, const struct db_statement *statement,
    const char *const *args, int n, PGresult **res)
{
	char name[DB_PREPARED_NAME_MAX];
	enum outcome ready;
	int64_t deadline;

	*res = NULL;
	deadline = stamp_monotonic_ns() + DB_QUERY_TIMEOUT_MS * 1000000LL;
	db_prepared_name(statement->name, statement->sql, name);
	if (PQsendQueryPrepared(db->conn, name, n, args, NULL, NULL, 0) == 0)
		return BROKEN;
	ready = collect(db, deadline, res);
	if (ready != READY || !is_unprepared(*res))
		return ready;
	log_debug("database: %s is not prepared", name);
	PQclear(*res);
	*res = NULL;
	if (PQsendQueryParams(
	        db->conn, statement->sql, n, NULL, args, NULL, NULL, 0) == 0)
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

/* The column's number: the next one in order, or a search from the start. */
static int
column(struct db_rows *rows, int row, const char *name)
{
	int n, found;

	if (row < 0 || row >= rows->n)
		abort();
	n = PQnfields(rows->res);
	for (int i = 0; i < n; i++) {
		found = (rows->next + i) % n;
		if (strcmp(PQfname(rows->res, found), name) == 0) {
			rows->next = found + 1;
			return found;
		}
	}
	log_error("database: no column %s", name);
	abort();
}

const char *
db_text(struct db_rows *rows, int row, const char *col)
{
	int i;

	i = column(rows, row, col);
	if (PQgetisnull(rows->res, row, i))
		return NULL;
	return PQgetvalue(rows->res, row, i);
}

int64_t
db_int(struct db_rows *rows, int row, const char *col)
{
	const char *text;
	int64_t value;
	char *end;

	text = db_text(rows, row, col);
	if (text == NULL)
		abort();
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0')
		abort();
	return value;
}

bool
db_bool(struct db_rows *rows, int row, const char *col)
{
	const char *text;

	text = db_text(rows, row, col);
	if (text == NULL)
		abort();
	return text[0] == 't';
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
