/* SPDX-License-Identifier: MIT */
/*
 * pg -- a connection to PostgreSQL that never waits: libpq as a machine.  (For
 * the address of a host's name it does: a unix socket or hostaddr needs none.)
 *
 *	pg = pg_open(conninfo);
 *	while ((want = pg_connect(pg)) is PG_READ or PG_WRITE)
 *		wait for pg_socket(pg), as long as the caller likes;
 *	pg_send(pg, calls, n);
 *	while ((want = pg_collect(pg)) is PG_READ or PG_WRITE)
 *		the same;
 *	first = pg_take(pg, 0);
 *
 * Several calls sent together are one libpq pipeline with one sync: one round
 * trip, and one transaction, all or nothing.  They have succeeded only when the
 * sync has arrived, because a commit can fail after each call was good (a
 * deferred constraint): then pg_failure() is a result that is no call's.  A
 * call alone commits itself, and the same goes for it.
 *
 * Nothing here sends a cancel request: PgBouncer 1.18 died of them.  Whoever
 * waits no longer closes the connection.
 */
#ifndef PG_H
#define PG_H

#include "base.h"

struct pg_result; /* libpq: PGresult */
struct pg;        /* private to pg.c */

/* What a caller can do about a result, not what went wrong. */
enum db_status {
	DB_OK,           /* it ran */
	DB_DUPLICATE,    /* a unique key is taken */
	DB_NO_PARENT,    /* the row it refers to is not there, or is in use */
	DB_BAD_VALUE,    /* the value does not fit */
	DB_AGAIN,        /* lost a race, too slow, or a standby: try again */
	DB_DOWN,         /* no server, or it is going away: try later */
	DB_SESSION_OVER, /* the token's session has ended: sql/ */
	DB_FORBIDDEN,    /* the user lacks the role for it: sql/ */
	DB_FAILED,       /* our bug */
};

enum pg_want {
	PG_DONE,
	PG_READ,   /* call again when the socket can be read */
	PG_WRITE,  /* call again when it can be read or written */
	PG_BROKEN, /* close it; pg_error() says why */
};

enum {
	PG_CALLS_MAX = 32, /* calls sent together */
};

struct pg_call {
	const char *prepared; /* a name on the server; NULL: sql is sent */
	const char *sql;
	const char *const *args; /* text, NULL for SQL NULL; not kept */
	int nargs;
};

/* Begin to connect to a libpq URI or conninfo.  NULL when memory is out. */
struct pg *pg_open(const char *conninfo) MUST_CHECK;
enum pg_want pg_connect(struct pg *pg) MUST_CHECK;
int pg_socket(const struct pg *pg);

/* Whether a connection that nobody waits on is of no use any more: whatever
 * can be read on it is the server's farewell, or the end. */
bool pg_gone(const struct pg *pg) MUST_CHECK;

/* Queue n calls, 1 to PG_CALLS_MAX, when nothing is under way.  Columns come
 * in binary form.  False: close it. */
bool pg_send(struct pg *pg, const struct pg_call *calls, int n) MUST_CHECK;
enum pg_want pg_collect(struct pg *pg) MUST_CHECK;

/* After PG_DONE: the first result that is a failure, its call in *which (n
 * when it is the commit); NULL when all is well.  Owned by pg. */
const struct pg_result *pg_failure(const struct pg *pg, int *which) MUST_CHECK;

/* The result of call i, once; the caller's (PQclear).  The rest goes with the
 * next pg_send(). */
struct pg_result *pg_take(struct pg *pg, int i) MUST_CHECK;

bool pg_in_transaction(const struct pg *pg);
const char *pg_error(const struct pg *pg); /* libpq's text, for the log */
void pg_close(struct pg *pg);              /* accepts NULL */

/* Of a result: what to do about it; its SQLSTATE ("" for none); the constraint
 * that it breaks ("" for none); the server's message; whether the name was not
 * prepared there; whether that, or what it was prepared for has changed since,
 * so that the text can be sent instead: both come before anything runs, or are
 * raised by what did run, and that is undone with it. */
enum db_status pg_status(const struct pg_result *res);
const char *pg_sqlstate(const struct pg_result *res);
const char *pg_constraint(const struct pg_result *res);
const char *pg_message(const struct pg_result *res);
bool pg_unnamed(const struct pg_result *res);
bool pg_unprepared(const struct pg_result *res);

#endif /* PG_H */
