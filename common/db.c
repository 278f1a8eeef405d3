/* SPDX-License-Identifier: MIT */
/* db -- see db.h.  The waits and deadlines around base/pg.c, and the
 * transaction of a request.  Reading what came back is in db_rows.c and
 * db_json.c. */
#include "db.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "db_private.h"
#include "die.h"
#include "log.h"
#include "stamp.h"

enum {
	MS = 1000000, /* nanoseconds */
};

/* A query, or a db_all(), that was refused for what the caller wants. */
struct db_refusal {
	struct db_refusal *older;
	enum db_status status;
	const char *constraint;
	bool asked; /* the handler knows */
};

enum outcome { READY, TIMED_OUT, BROKEN };

/* What goes around a function's own statements. */
static const struct db_statement begin = {.name = "begin", .sql = "BEGIN"};
static const struct db_statement commit = {.name = "commit", .sql = "COMMIT"};
static const struct db_statement rollback = {
    .name = "rollback", .sql = "ROLLBACK"};
static const struct db_statement set_timeout = {.name = "set-timeout",
    .sql = "SELECT set_config('statement_timeout', $1::text, true)",
    .nargs = 1};
/* Those of this function, for who comes next on this server connection. */
static const struct db_statement prepare = {.name = "prepare",
    .sql = "SELECT public.prepare_statements($1::text[])",
    .nargs = 1};

struct db {
	struct db_plan plan;
	struct pg *pg; /* NULL until the first query, and after a failure */
	int nstatements;
	char (*prepared)[DB_STATEMENT_PREPARED_MAX]; /* "" until first used */
	char *names; /* all of prepared, as a text[]; NULL until first used */
	const char *names_args[1];
	bool no_prepare;     /* this database lacks prepare_statements() */
	char timeout_ms[24]; /* query_ms as text; "" when the role's will do */
	const char *timeout_args[1];

	/* Of the request: */
	int64_t deadline_ns;
	struct db_rows *newest;
	int64_t queries;
	enum db_status stuck;        /* the failure that stays, or DB_OK */
	struct db_refusal *refusals; /* the newest */
	const char *cause;
	const char *session_args[2]; /* of a token, or NULL */
	bool atomic;                 /* all queries are one transaction */
	bool open;                   /* and it has begun */
	bool by_text; /* names are not to be trusted in this request */
	bool prepare; /* what is not prepared is to be, with the next calls */
	bool again;   /* for db_outcome() */
	bool apart;   /* inside db_query_apart() */
};

struct db *
db_new(const struct db_plan *plan)
{
	struct db *db;

	db = xmalloc(sizeof(*db));
	*db = (struct db){.plan = *plan, .deadline_ns = INT64_MAX};
	while (plan->statements != NULL &&
	       plan->statements[db->nstatements] != NULL)
		db->nstatements++;
	db->prepared =
	    xmalloc((size_t)db->nstatements * sizeof(db->prepared[0]));
	for (int i = 0; i < db->nstatements; i++)
		db->prepared[i][0] = '\0';
	db->timeout_args[0] = db->timeout_ms;
	if (plan->query_ms > DB_ROLE_TIMEOUT_MS)
		snprintf(db->timeout_ms, sizeof(db->timeout_ms), "%lld",
		    (long long)plan->query_ms);
	return db;
}

void
db_begin(struct db *db, int64_t deadline_ns)
{
	db->deadline_ns = deadline_ns;
	db->atomic = db->plan.atomic;
}

void
db_be_atomic(struct db *db)
{
	db->atomic = true;
}

void
db_session(struct db *db, const char *session_id, const char *user_id)
{
	db->session_args[0] = session_id;
	db->session_args[1] = user_id;
}

static void
disconnect(struct db *db)
{
	pg_close(db->pg);
	db->pg = NULL;
	db->open = false;
}

/* ---- waiting ---- */

/* A time to wait, within that of the request. */
static int64_t
end_of(const struct db *db, int64_t wait_ms)
{
	int64_t end = stamp_monotonic_ns() + wait_ms * MS;

	return end < db->deadline_ns ? end : db->deadline_ns;
}

static enum outcome
wait_for(const struct db *db, enum pg_want want, int64_t deadline_ns)
{
	struct pollfd pfd = {
	    .fd = pg_socket(db->pg),
	    .events = want == PG_READ ? POLLIN : POLLIN | POLLOUT,
	};
	int64_t left_ns;
	int n;

	do {
		left_ns = deadline_ns - stamp_monotonic_ns();
		if (left_ns <= 0)
			return TIMED_OUT;
		n = poll(&pfd, 1, (int)(left_ns / MS + 1));
	} while (n == 0 || (n < 0 && errno == EINTR));
	return n < 0 ? BROKEN : READY;
}

/* Go on with step() until it is done. */
static enum outcome
drive(const struct db *db, enum pg_want (*step)(struct pg *), int64_t wait_ms)
{
	int64_t deadline_ns = end_of(db, wait_ms);
	enum outcome ready = READY;
	enum pg_want want;

	for (;;) {
		want = step(db->pg);
		if (want == PG_DONE)
			return READY;
		if (want != PG_BROKEN)
			ready = wait_for(db, want, deadline_ns);
		if (want == PG_BROKEN || ready != READY)
			return want == PG_BROKEN ? BROKEN : ready;
	}
}

/* ---- failures ---- */

/* Remember what failed, and log it: it is not the caller's. */
static enum db_status
stick(struct db *db, enum db_status status, const char *what, const char *why)
{
	db->stuck = status;
	db->cause = arena_format(db->plan.arena, "%s: %s", what, why);
	log_error("database: %s", db->cause);
	return status;
}

/* There is no connection, or none any more.  Where libpq names no reason behind
 * its colon it was logged where it was found: libpq_crypto.c. */
static enum db_status
down(struct db *db, const char *why)
{
	size_t len = strcspn(why, "\n");

	db->stuck = DB_DOWN;
	db->cause = arena_copy(db->plan.arena, why, len);
	if (len < 2 || strncmp(why + len - 2, ": ", 2) != 0)
		log_error("database: %s", db->cause);
	disconnect(db);
	return DB_DOWN;
}

static enum db_status
connect_now(struct db *db)
{
	enum outcome outcome;

	if (db->plan.conninfo == NULL)
		return down(db, "DATABASE_URL is not set");
	db->pg = pg_open(db->plan.conninfo);
	if (db->pg == NULL)
		return down(db, "out of memory");
	outcome = drive(db, pg_connect, DB_CONNECT_TIMEOUT_MS);
	if (outcome == TIMED_OUT)
		return down(db, "no answer to a new connection");
	return outcome == READY ? DB_OK : down(db, pg_error(db->pg));
}

/* ---- running ---- */

/* The place of a statement in the descriptor, or -1. */
static int
index_of(const struct db *db, const struct db_statement *statement)
{
	for (int i = 0; i < db->nstatements; i++)
		if (db->plan.statements[i] == statement)
			return i;
	return -1;
}

/* Whether it can be sent at all; what is wrong is our bug, answered 500. */
static enum db_status
check_call(struct db *db, const struct db_call *call)
{
	const char *why;

	if (index_of(db, call->statement) < 0) {
		return stick(db, DB_FAILED, call->statement->name,
		    "is not in the descriptor: .statements = statements");
	}
	if (call->n == call->statement->nargs)
		return DB_OK;
	why = arena_format(db->plan.arena, "takes %d arguments, not %d",
	    call->statement->nargs, call->n);
	return stick(db, DB_FAILED, call->statement->name, why);
}

/* The prepared name of the statement in that place. */
static const char *
prepared_name(struct db *db, int i)
{
	const struct db_statement *statement = db->plan.statements[i];

	if (db->prepared[i][0] == '\0')
		db_statement_prepared(
		    statement->name, statement->sql, db->prepared[i]);
	return db->prepared[i];
}

/* {a,b,c}: no character of a name needs quotes in an array: see
 * base/descriptor.c. */
static void
make_names(struct db *db)
{
	size_t max = (size_t)db->nstatements * DB_STATEMENT_PREPARED_MAX + 3;
	size_t len = 0;

	if (db->names != NULL)
		return;
	db->names = xmalloc(max);
	for (int i = 0; i < db->nstatements; i++)
		len += (size_t)snprintf(db->names + len, max - len, "%c%s",
		    i == 0 ? '{' : ',', prepared_name(db, i));
	snprintf(db->names + len, max - len, "}");
	db->names_args[0] = db->names;
}

/* By name; by text what has none. */
static struct pg_call
pg_call_of(struct db *db, const struct db_call *call)
{
	int i = db->by_text ? -1 : index_of(db, call->statement);

	return (struct pg_call){
	    .prepared = i >= 0 ? prepared_name(db, i) : NULL,
	    .sql = call->statement->sql,
	    .args = call->args,
	    .nargs = call->n,
	};
}

/* Send calls and wait for them. */
static enum db_status
exchange(struct db *db, const struct db_call *calls, int n)
{
	struct pg_call sent[PG_CALLS_MAX];
	enum outcome outcome = BROKEN;

	for (int i = 0; i < n; i++)
		sent[i] = pg_call_of(db, &calls[i]);
	if (pg_send(db->pg, sent, n))
		outcome = drive(db, pg_collect, db->plan.query_ms);
	if (outcome == TIMED_OUT) {
		stick(db, DB_AGAIN, calls[n - 1].statement->name,
		    "no answer in time");
		disconnect(db);
		return DB_AGAIN;
	}
	return outcome == READY ? DB_OK : down(db, pg_error(db->pg));
}

static bool
is_atomic(const struct db *db)
{
	return db->atomic && !db->apart;
}

/* What stands before a function's own calls: BEGIN, and a longer time-out,
 * which is the transaction's (also that of a pipeline); what prepares names,
 * when one was unknown; and once a request whether the session of its token
 * goes on. */
static int
prefix(struct db *db, struct db_call *calls)
{
	int n = 0;

	if (is_atomic(db) && !db->open)
		calls[n++] = (struct db_call){.statement = &begin};
	if (db->timeout_ms[0] != '\0' && !db->open)
		calls[n++] =
		    (struct db_call){&set_timeout, db->timeout_args, 1};
	if (db->prepare && !db->open) {
		make_names(db);
		calls[n++] = (struct db_call){&prepare, db->names_args, 1};
		db->prepare = false;
	}
	if (db->plan.session != NULL && db->session_args[0] != NULL)
		calls[n++] =
		    (struct db_call){db->plan.session, db->session_args, 2};
	return n;
}

/* In a transaction it is the end of all that follows, too. */
static void
note_refusal(struct db *db, enum db_status status, const char *constraint)
{
	struct db_refusal *r = arena_alloc(db->plan.arena, sizeof(*r));

	*r = (struct db_refusal){
	    .older = db->refusals,
	    .status = status,
	    .constraint =
	        arena_copy(db->plan.arena, constraint, strlen(constraint)),
	};
	db->refusals = r;
	if (is_atomic(db))
		db->stuck = status;
}

/* A result that is a failure, of the statement called name. */
static enum db_status
refused(struct db *db, const struct pg_result *res, const char *name)
{
	enum db_status status = pg_status(res);
	const char *why;

	if (status == DB_AGAIN || status == DB_DOWN || status == DB_FAILED) {
		why = arena_format(
		    db->plan.arena, "%s %s", pg_sqlstate(res), pg_message(res));
		stick(db, status, name, why);
	}
	if (status == DB_DUPLICATE || status == DB_NO_PARENT ||
	    status == DB_BAD_VALUE)
		note_refusal(db, status, pg_constraint(res));
	if (status == DB_SESSION_OVER || status == DB_FORBIDDEN)
		db->stuck = status;
	if (status == DB_DOWN)
		disconnect(db);
	return status;
}

/* Closing would do, but PgBouncer then closes its own connection, too, and a
 * taken name would cost a new back end. */
static void
roll_back(struct db *db)
{
	const struct db_call call = {.statement = &rollback};

	if (db->open && db->pg != NULL)
		(void)exchange(db, &call, 1);
	db->open = false;
	if (db->pg != NULL && pg_in_transaction(db->pg))
		disconnect(db);
}

/* A failure that is mended by sending the calls again: by text, where a name is
 * not known; then those of this function are prepared on the way, and the next
 * request goes by name.  PREPARE is not undone with its transaction.  A
 * database without the function for it, or an owner who grants it not, is no
 * failure. */
static bool
mends(struct db *db, const struct pg_result *bad, const struct db_call *call)
{
	if (call->statement == &prepare &&
	    strncmp(pg_sqlstate(bad), "42", 2) == 0) {
		log_debug("database: nothing is prepared: %s", pg_message(bad));
		db->no_prepare = true;
		return true;
	}
	if (!pg_unprepared(bad) || db->by_text)
		return false;
	log_debug("database: %s is not prepared", call->statement->name);
	db->by_text = true;
	db->prepare = pg_unnamed(bad) && !db->no_prepare;
	return true;
}

/* Calls behind what stands before them.  first is the place of calls[0] among
 * the results. */
static enum db_status
run_calls(struct db *db, const struct db_call *calls, int n, int *first)
{
	struct db_call all[PG_CALLS_MAX];
	const struct pg_result *bad;
	bool begun = db->open;
	enum db_status status;
	int which;

	*first = prefix(db, all);
	memcpy(all + *first, calls, (size_t)n * sizeof(*calls));
	status = exchange(db, all, *first + n);
	if (status != DB_OK)
		return status;
	db->open = is_atomic(db);
	bad = pg_failure(db->pg, &which);
	if (bad == NULL) {
		db->session_args[0] = NULL; /* it does */
		return DB_OK;
	}
	if (mends(db, bad, &all[which < *first + n ? which : 0])) {
		if (!begun) { /* nothing has happened yet */
			roll_back(db);
			return db->pg != NULL ? run_calls(db, calls, n, first)
			                      : DB_DOWN;
		}
		db->again = true;
		db->stuck = DB_AGAIN;
		return DB_AGAIN;
	}
	return refused(db, bad,
	    which < *first + n ? all[which].statement->name : "commit");
}

/* ---- rows ---- */

static struct db_rows *
new_rows(struct db *db, const struct db_statement *statement)
{
	struct db_rows *rows;

	rows = arena_alloc(db->plan.arena, sizeof(*rows));
	rows->statement = statement;
	rows->db = db;
	rows->older = db->newest;
	db->newest = rows;
	return rows;
}

struct arena *
db_arena(const struct db *db)
{
	return db->plan.arena;
}

static void
fill_rows(struct db_rows *rows, struct pg_result *res)
{
	rows->res = res;
	rows->n = PQntuples(res);
	rows->changed = (int)strtol(PQcmdTuples(res), NULL, 10);
	rows->columns = PQnfields(res);
	/* One more: next is the column behind the last. */
	rows->read = arena_alloc(rows->db->plan.arena,
	    (size_t)(rows->columns + 1) * sizeof(*rows->read));
}

void
db_library(
    struct db *db, struct db_rows *rows[], const struct db_call *calls, int n)
{
	enum db_status status = db->stuck;
	int first = 0;

	for (int i = 0; i < n; i++)
		rows[i] = new_rows(db, calls[i].statement);
	if (status == DB_OK && db->pg != NULL && !db->open && pg_gone(db->pg))
		disconnect(db);
	if (status == DB_OK && db->pg == NULL)
		status = connect_now(db);
	if (status == DB_OK)
		status = run_calls(db, calls, n, &first);
	for (int i = 0; i < n; i++) {
		rows[i]->status = status;
		if (status == DB_OK)
			fill_rows(rows[i], pg_take(db->pg, first + i));
		else if (status < DB_AGAIN)
			rows[i]->refusal = db->refusals;
	}
}

/* What a call is refused for sticks, and so nothing is sent. */
void
db_all(
    struct db *db, struct db_rows *rows[], const struct db_call *calls, int n)
{
	if (n < 1 || n > DB_CALLS_MAX)
		bug("%d statements at once, not 1 to %d", n, DB_CALLS_MAX);
	db->queries += n;
	if (db->queries > db->plan.queries)
		bug("more than %lld queries in a request: see .limits.queries",
		    (long long)db->plan.queries);
	for (int i = 0; i < n && db->stuck == DB_OK; i++)
		(void)check_call(db, &calls[i]);
	db_library(db, rows, calls, n);
}

struct db_rows *
db_query(struct db *db, const struct db_statement *statement,
    const char *const *args, int n)
{
	const struct db_call call = {statement, args, n};
	struct db_rows *rows;

	db_all(db, &rows, &call, 1);
	return rows;
}

struct db_rows *
db_query_apart(struct db *db, const struct db_statement *statement,
    const char *const *args, int n)
{
	const struct db_call call = {statement, args, n};
	struct db_rows *rows;

	if (db->open)
		bug("%s: the transaction has begun", statement->name);
	db->apart = true;
	db_library(db, &rows, &call, 1);
	db->apart = false;
	return rows;
}

/* ---- how it ends ---- */

enum db_status
db_refused(struct db_rows *rows)
{
	if (rows->refusal == NULL)
		return DB_OK;
	rows->refusal->asked = true;
	return rows->refusal->status;
}

bool
db_failed(const struct db_rows *rows)
{
	return rows->status >= DB_AGAIN;
}

const char *
db_constraint(const struct db_rows *rows)
{
	return rows->refusal != NULL ? rows->refusal->constraint : "";
}

const char *
db_cause(const struct db *db)
{
	return db->cause;
}

enum db_status
db_outcome(struct db *db, bool *again)
{
	*again = db->again;
	if (db->again) {
		db->again = false;
		db->stuck = DB_OK;
		db->refusals = NULL;
		db->queries = 0;
		roll_back(db);
		return DB_OK;
	}
	if (db->stuck >= DB_AGAIN)
		return db->stuck;
	for (struct db_refusal *r = db->refusals; r != NULL; r = r->older) {
		if (!r->asked)
			return r->status;
	}
	return DB_OK;
}

/* COMMIT of a transaction that has failed says ROLLBACK, and that all is well.
 * Source: PostgreSQL manual, COMMIT. */
enum db_status
db_commit(struct db *db, const struct db_call *calls, int n)
{
	struct db_call all[PG_CALLS_MAX];
	struct pg_result *res;
	const struct pg_result *bad;
	enum db_status status;
	int which;

	if (!db->open)
		return DB_OK;
	if (n > 0)
		memcpy(all, calls, (size_t)n * sizeof(*calls));
	all[n] = (struct db_call){.statement = &commit};
	status = exchange(db, all, n + 1);
	if (status != DB_OK)
		return status;
	db->open = pg_in_transaction(db->pg);
	bad = pg_failure(db->pg, &which);
	if (bad != NULL)
		return refused(
		    db, bad, which < n ? all[which].statement->name : "commit");
	res = pg_take(db->pg, n);
	status = strcmp(PQcmdStatus(res), "COMMIT") == 0
	             ? DB_OK
	             : stick(db, DB_FAILED, "commit", "was a rollback");
	PQclear(res);
	return status;
}

void
db_end(struct db *db)
{
	for (struct db_rows *r = db->newest; r != NULL; r = r->older)
		PQclear(r->res);
	roll_back(db);
	db->newest = NULL;
	db->session_args[0] = NULL;
	db->refusals = NULL;
	db->queries = 0;
	db->stuck = DB_OK;
	db->cause = NULL;
	db->by_text = db->prepare = db->again = false;
}

void
db_free(struct db *db)
{
	if (db == NULL)
		return;
	db_end(db);
	disconnect(db);
	free(db->prepared);
	free(db->names);
	free(db);
}
