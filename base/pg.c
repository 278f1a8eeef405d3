/* SPDX-License-Identifier: MIT */
/* pg -- see pg.h. */
#include "pg.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum {
	BINARY = 1, /* PQsendQueryParams(): the format of the result */
};

struct pg {
	PGconn *conn;
	PostgresPollingStatusType polling;
	PGresult *results[PG_CALLS_MAX];
	PGresult *commit; /* the failure of a sync */
	int ncalls, got;
	bool pipeline, flushed, synced, copies;
	bool waited; /* the caller has waited since the last look */
};

static void
clear_results(struct pg *pg)
{
	for (int i = 0; i < pg->ncalls; i++) {
		PQclear(pg->results[i]);
		pg->results[i] = NULL;
	}
	PQclear(pg->commit);
	pg->commit = NULL;
	pg->ncalls = pg->got = 0;
}

/* ---- connecting ---- */

struct pg *
pg_open(const char *conninfo)
{
	/* Kerberos is refused where libpq is linked statically
	 * (common/libpq_stubs.c); nobody here has it. */
	const char *const keys[] = {"dbname", "gssencmode", NULL};
	const char *const values[] = {conninfo, "disable", NULL};
	struct pg *pg;

	pg = calloc(1, sizeof(*pg));
	if (pg == NULL)
		return NULL;
	pg->polling = PGRES_POLLING_WRITING;
	pg->conn = PQconnectStartParams(keys, values, 1);
	if (pg->conn == NULL) {
		free(pg);
		return NULL;
	}
	return pg;
}

enum pg_want
pg_connect(struct pg *pg)
{
	if (PQstatus(pg->conn) == CONNECTION_BAD)
		return PG_BROKEN;
	if (pg->waited)
		pg->polling = PQconnectPoll(pg->conn);
	pg->waited = true;
	switch (pg->polling) {
	case PGRES_POLLING_READING:
		return PG_READ;
	case PGRES_POLLING_WRITING:
		return PG_WRITE;
	case PGRES_POLLING_OK:
		return PQsetnonblocking(pg->conn, 1) == 0 ? PG_DONE : PG_BROKEN;
	default:
		return PG_BROKEN;
	}
}

int
pg_socket(const struct pg *pg)
{
	return PQsocket(pg->conn);
}

bool
pg_gone(const struct pg *pg)
{
	struct pollfd pfd = {.fd = PQsocket(pg->conn), .events = POLLIN};

	return poll(&pfd, 1, 0) != 0;
}

bool
pg_in_transaction(const struct pg *pg)
{
	return PQtransactionStatus(pg->conn) != PQTRANS_IDLE;
}

const char *
pg_error(const struct pg *pg)
{
	return PQerrorMessage(pg->conn);
}

void
pg_close(struct pg *pg)
{
	if (pg == NULL)
		return;
	clear_results(pg);
	PQfinish(pg->conn);
	free(pg);
}

/* ---- calls and their results ---- */

static bool
queue(struct pg *pg, const struct pg_call *call)
{
	if (call->prepared != NULL)
		return PQsendQueryPrepared(pg->conn, call->prepared,
		           call->nargs, call->args, NULL, NULL, BINARY) == 1;
	return PQsendQueryParams(pg->conn, call->sql, call->nargs, NULL,
	           call->args, NULL, NULL, BINARY) == 1;
}

bool
pg_send(struct pg *pg, const struct pg_call *calls, int n)
{
	clear_results(pg);
	if (n < 1 || n > PG_CALLS_MAX)
		return false;
	pg->pipeline = n > 1;
	if (pg->pipeline && PQenterPipelineMode(pg->conn) == 0)
		return false;
	pg->ncalls = n;
	pg->waited = pg->flushed = pg->synced = pg->copies = false;
	for (int i = 0; i < n; i++) {
		if (!queue(pg, &calls[i]))
			return false;
	}
	return !pg->pipeline || PQpipelineSync(pg->conn) == 1;
}

/* A call has one result, for a prepared statement is one.  What comes behind it
 * tells of the commit, which failed: of a call alone that is its own, for it
 * commits only when it has told how many rows there were. */
static void
keep(struct pg *pg, PGresult *res)
{
	PGresult **place = &pg->commit;

	if (pg->got < pg->ncalls && pg->results[pg->got] == NULL)
		place = &pg->results[pg->got];
	if (*place == NULL)
		*place = res;
	else
		PQclear(res);
}

/* COPY would have libpq give such a result for ever. */
static bool
is_copy(const PGresult *res)
{
	ExecStatusType status = PQresultStatus(res);

	return status == PGRES_COPY_OUT || status == PGRES_COPY_IN ||
	       status == PGRES_COPY_BOTH;
}

/* Take what has arrived; whether that was all.  NULL ends a call, also the
 * commit that failed; a second one there would mean that libpq has no more,
 * not even the sync. */
static bool
take_arrived(struct pg *pg)
{
	PGresult *res;
	int ends = 0;

	while (!PQisBusy(pg->conn)) {
		res = PQgetResult(pg->conn);
		if (res == NULL) {
			if (!pg->pipeline || ends == 2)
				return true;
			if (pg->got < pg->ncalls)
				pg->got++;
			else
				ends++;
		} else if (PQresultStatus(res) == PGRES_PIPELINE_SYNC) {
			PQclear(res);
			pg->synced = true;
			return true;
		} else if (is_copy(res)) {
			PQclear(res);
			pg->copies = true;
			return true;
		} else {
			keep(pg, res);
		}
	}
	return false;
}

/* Without its sync a pipeline may have been cut off before the commit. */
static bool
is_whole(const struct pg *pg)
{
	for (int i = 0; i < pg->ncalls; i++) {
		if (pg->results[i] == NULL)
			return false;
	}
	return !pg->pipeline || pg->synced;
}

enum pg_want
pg_collect(struct pg *pg)
{
	int left;

	if (pg->waited && PQconsumeInput(pg->conn) == 0)
		return PG_BROKEN;
	pg->waited = true;
	if (!pg->flushed) {
		left = PQflush(pg->conn);
		if (left != 0)
			return left > 0 ? PG_WRITE : PG_BROKEN;
		pg->flushed = true;
	}
	if (!take_arrived(pg))
		return PG_READ;
	if (pg->copies || !is_whole(pg) ||
	    (pg->pipeline && PQexitPipelineMode(pg->conn) == 0))
		return PG_BROKEN;
	return PG_DONE;
}

static bool
is_good(const PGresult *res)
{
	ExecStatusType status = PQresultStatus(res);

	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

const struct pg_result *
pg_failure(const struct pg *pg, int *which)
{
	for (*which = 0; *which < pg->ncalls; ++*which) {
		if (!is_good(pg->results[*which]))
			return pg->results[*which];
	}
	return pg->commit;
}

struct pg_result *
pg_take(struct pg *pg, int i)
{
	PGresult *res = pg->results[i];

	pg->results[i] = NULL;
	return res;
}

/* ---- what a result means ---- */

/* SQLSTATEs by prefix, first match wins.  Source: PostgreSQL manual, appendix
 * A.  08P01 of the server is a wrong count of arguments; of PgBouncer, which
 * uses it for all that it says, see pg_status(). */
static const struct {
	const char *prefix;
	enum db_status status;
} sqlstates[] = {
    {"23505", DB_DUPLICATE},    /* unique_violation */
    {"23P01", DB_DUPLICATE},    /* exclusion_violation */
    {"23503", DB_NO_PARENT},    /* foreign_key_violation */
    {"23001", DB_NO_PARENT},    /* restrict_violation */
    {"23502", DB_BAD_VALUE},    /* not_null_violation */
    {"23514", DB_BAD_VALUE},    /* check_violation */
    {"22", DB_BAD_VALUE},       /* data exception */
    {"MF401", DB_SESSION_OVER}, /* session_over(), sql/ */
    {"MF403", DB_FORBIDDEN},    /* require_role(), sql/ */
    {"40001", DB_AGAIN},        /* serialization_failure */
    {"40P01", DB_AGAIN},        /* deadlock_detected */
    {"55P03", DB_AGAIN},        /* lock_not_available */
    {"57014", DB_AGAIN},        /* query_canceled: statement_timeout */
    {"25006", DB_AGAIN},        /* read_only_sql_transaction: a standby */
    {"08P01", DB_FAILED},       /* protocol_violation */
    {"08", DB_DOWN},            /* connection exception */
    {"53", DB_DOWN},            /* insufficient resources */
    {"57P", DB_DOWN},           /* shutting down, starting up */
};

const char *
pg_sqlstate(const struct pg_result *res)
{
	const char *sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);

	return sqlstate != NULL ? sqlstate : "";
}

const char *
pg_constraint(const struct pg_result *res)
{
	const char *name = PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);

	return name != NULL ? name : "";
}

const char *
pg_message(const struct pg_result *res)
{
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

	return text != NULL ? text : PQresultErrorMessage(res);
}

bool
pg_unnamed(const struct pg_result *res)
{
	return strcmp(pg_sqlstate(res), "26000") == 0;
}

bool
pg_unprepared(const struct pg_result *res)
{
	return pg_unnamed(res) || strcmp(pg_sqlstate(res), "0A000") == 0;
}

/* A failure without SQLSTATE is libpq's own, one without the severity that is
 * never translated PgBouncer's: the server sends it since 9.6.  Both mean that
 * there is no server to be had. */
enum db_status
pg_status(const struct pg_result *res)
{
	const char *sqlstate = pg_sqlstate(res);

	if (is_good(res))
		return DB_OK;
	if (PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED) == NULL)
		return DB_DOWN;
	for (size_t i = 0; i < LENGTH(sqlstates); i++) {
		if (strncmp(sqlstate, sqlstates[i].prefix,
		        strlen(sqlstates[i].prefix)) == 0)
			return sqlstates[i].status;
	}
	return DB_FAILED;
}
