/* SPDX-License-Identifier: MIT */
/*
 * reply -- what goes back: JSON, headers, or an error in the API's form
 *
 *	{"errors":{"title":["can't be blank"]}}
 *
 * A handler writes JSON through reply->out and returns the status.  To refuse
 * it returns what reply_error() or reply_db() returns; JSON begun before that
 * is thrown away.
 */
#ifndef REPLY_H
#define REPLY_H

#include "base.h"
#include "db.h"
#include "http.h"
#include "out.h"

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
 * long as the request.  A value with CR, LF or NUL, or one header too many, is
 * a bug and aborts.
 */
void reply_header(struct reply *reply, const char *name, const char *value);

/* Refuse: {"errors":{key:[message]}}.  Returns status.  More than one call
 * adds up, in order. */
enum http_status reply_error(struct reply *reply, enum http_status status,
    const char *key, const char *message);

/* The reply for a failed query; DB_DOWN and DB_AGAIN set Retry-After. */
enum http_status reply_db(struct reply *reply, enum db_status st);

#endif /* REPLY_H */
