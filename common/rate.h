/* SPDX-License-Identifier: MIT */
/*
 * rate -- the limits of a function's class (.rate), where the function counts.
 *
 *	each user	the library does: a function that has a user and names a
 *			class with a limit of subjects is not called beyond it
 *	what is attacked   the handler asks, before any costly work:
 *
 *		if (!rate_allows(req, reply, address))
 *			return HTTP_TOO_MANY_REQUESTS;
 *		...
 *		rate_forgive(req, address);	the password was right
 *
 * So what is counted is what went wrong.  Who has once done it right counts for
 * a day by that address alone: others who attack the account cannot shut its
 * user out from there, and cannot guess more often for it.
 *
 *	each address	where no nginx has counted, which is CGI
 *
 * The counts are in the table of the node (rate_table.h); without mayflyd in
 * the database (sql/).  Names are hashed with MAYFLY_TOKEN_SECRET before they
 * are kept.  An answer of which something was counted has RateLimit-Policy and
 * RateLimit (draft-ietf-httpapi-ratelimit-headers-11), a 429 also Retry-After.
 */
#ifndef RATE_H
#define RATE_H

#include "base.h"
#include "http.h"

struct buf;
struct fn;
struct gateway_request;
struct rate; /* of a process */
struct reply;
struct req;

enum {
	RATE_KNOWN_S = 86400, /* an address is known for, after a success */
};

/*
 * Count one for a subject, any text: the account that is logged in to.  The
 * name of one subject is always the same text, whether it exists or not. False:
 * the reply says so, return HTTP_TOO_MANY_REQUESTS.  True as well when that
 * cannot be known, for lack of a database: the library answers 503.  Again in
 * the same request it is counted no second time.  In a function that is .atomic
 * it comes before the first query.
 */
bool rate_allows(
    struct req *req, struct reply *reply, const char *subject) MUST_CHECK;

/* Give back what rate_allows() has counted: it went well. */
void rate_forgive(struct req *req, const char *subject);

/* ---- for serve.c and response.c ---- */

/* What counts for a function; NULL when its class has no limits that it counts,
 * or it names none. */
struct rate *rate_new(const struct fn *fn);
void rate_free(struct rate *rate);

/* A request begins, and is counted for its address and its user: HTTP_OK, or
 * the reply is a refusal. */
enum http_status rate_begin(struct req *req, struct reply *reply,
    const struct gateway_request *request);

/* The headers of what was counted. */
void rate_head(const struct req *req, struct buf *head);

/* The request has ended. */
void rate_end(struct req *req);

#endif /* RATE_H */
