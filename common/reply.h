/* SPDX-License-Identifier: MIT */
/*
 * reply -- what goes back: JSON, headers, or an error in the API's form
 *
 *	{"errors":{"title":["can't be blank"]}}
 *
 * A handler writes JSON through reply->out and returns the status.  To refuse
 * it returns what reply_error() or reply_not_found() returns; JSON begun before
 * that is thrown away.
 */
#ifndef REPLY_H
#define REPLY_H

#include "base.h"
#include "http.h"
#include "out.h"
#include "pg.h" /* enum db_status */

struct arena;

enum {
	REPLY_HEADERS_MAX = 8, /* set by one handler */
	REPLY_ERRORS_MAX = 32, /* messages in one error reply */
};

struct reply {
	struct out out; /* the JSON body */
	struct arena *arena;
	struct {
		const char *name, *value;
	} headers[REPLY_HEADERS_MAX], errors[REPLY_ERRORS_MAX];
	int nheaders, nerrors;
};

/*
 * Add a response header.  name is a literal; value is kept and must live as
 * long as the request.  A value with CR or LF, or one header too many, is a
 * bug.
 */
void reply_header(struct reply *reply, const char *name, const char *value);

/* Refuse: {"errors":{key:[message]}}.  Returns status, 400 or more.  More than
 * one call adds up, in order; the same twice is said once. */
enum http_status reply_error(struct reply *reply, enum http_status status,
    const char *key, const char *message);

/* Of an input: 422 with this message. */
enum http_status reply_invalid(
    struct reply *reply, const char *input, const char *message);

/* 404: {"errors":{what:["not found"]}}. */
enum http_status reply_not_found(struct reply *reply, const char *what);

/* 401: {"errors":{"token":["is invalid"]}}, for a user that is gone. */
enum http_status reply_no_user(struct reply *reply);

/* What the library says of a failed query that the handler does not word:
 * 409, 422, 503 with Retry-After, or 500. */
enum http_status reply_failure(struct reply *reply, enum db_status status);

/* Forget all of it. */
void reply_reset(struct reply *reply);

#endif /* REPLY_H */
