/* SPDX-License-Identifier: MIT */
/*
 * idempotency -- a POST that may be sent again: the Idempotency-Key header
 * (draft-ietf-httpapi-idempotency-key-header-07).
 *
 * Which functions.  Every POST with statements, unless it says .repeatable.
 * Elsewhere the header counts for nothing: GET, PUT and DELETE may be sent
 * again as they are.
 *
 * What happens.  The request runs as .atomic.  Behind BEGIN, in one round trip
 * with it, a lock is tried that ends with the transaction: busy, 409 with
 * Retry-After.  Then the answer is looked for.  There is one, to the same
 * request: it goes out with "Idempotency-Replayed: true"; to another: 422.
 * There is none: the handler runs, and an answer below 400 is stored in one
 * round trip with COMMIT.  So what was done and what was said of it are stored
 * both, or neither.  An error is not kept.
 *
 * Whose key.  That of a user is his own, and one of a function.  An anonymous
 * caller has none: there the whole request is part of the key, so that who
 * guesses a key must know the request, too, to read the answer; and another
 * request is another key, never a 422.
 *
 * The same request: the same body, byte by byte, and the same inputs from
 * elsewhere, as they were read.
 *
 * What is stored.  Status, the handler's headers but cookies, and content; of a
 * function with .replay only what reply_keep() said.  Keys, users and requests
 * are stored as BLAKE2b with a key made from MAYFLY_TOKEN_SECRET: a password in
 * a body must not be for trying out on its hash.  With a new secret the keys so
 * far are forgotten.
 *
 * Answers count for IDEMPOTENCY_KEPT_S; each that is stored sweeps older ones.
 */
#ifndef IDEMPOTENCY_H
#define IDEMPOTENCY_H

#include "fn.h"
#include "gateway.h"

enum {
	IDEMPOTENCY_KEPT_S = 24 * 60 * 60,
	IDEMPOTENCY_SWEEP_ROWS = 8, /* more than one, so that it shrinks */
	IDEMPOTENCY_CONTENT_MAX = 2 * 1024 * 1024, /* bytes of an answer */
	IDEMPOTENCY_CALLS = 2,                     /* of idempotency_store() */
};

/* Of one request. */
struct idempotency {
	const char *key;          /* NULL: none was given */
	bool replayed;            /* nothing new is to be stored */
	const char *id, *request; /* bytea as text, once it was claimed */
};

/* Whether the function heeds the header. */
bool idempotency_is_for(const struct fn *fn);

/* Read the header: HTTP_OK, or 400. */
enum http_status idempotency_read(struct idempotency *idem, const struct fn *fn,
    struct req *req, struct reply *reply,
    const struct gateway_request *request) MUST_CHECK;

/*
 * Before the handler, inside its transaction.  True: it is to run.  Otherwise
 * *status and reply are the answer, or a query has failed: db_outcome().
 */
bool idempotency_claim(struct idempotency *idem, struct req *req,
    struct reply *reply, enum http_status *status) MUST_CHECK;

/* Behind the handler, for db_commit(): the calls that store the answer, which
 * is below 400.  Returns how many; -1, logged, when it is too large. */
int idempotency_store(const struct idempotency *idem, const struct req *req,
    const struct reply *reply, enum http_status status,
    struct db_call calls[IDEMPOTENCY_CALLS]) MUST_CHECK;

#endif /* IDEMPOTENCY_H */
