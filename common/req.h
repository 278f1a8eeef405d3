/* SPDX-License-Identifier: MIT */
/*
 * req -- one request, as a handler sees it: checked inputs, the user, the
 * database.  Everything here lives until the reply is sent.
 *
 * A handler asks only for inputs that its descriptor lists; any other name is
 * a bug and aborts.  Raw input never reaches a handler.
 */
#ifndef REQ_H
#define REQ_H

#include "base.h"

struct arena;
struct db;
struct req_private; /* req.c and fn.c */

struct req {
	struct db *db;
	struct arena *arena;
	const char *id;      /* the request id, for logs and X-Request-Id */
	const char *user_id; /* decimal text for $n, or NULL when anonymous */
	const char *token;   /* the token as it came, or NULL */
	struct req_private *private;
};

/* The text of an input; its default; NULL when left out without a default.
 * For FN_INT the decimal text, ready for $n. */
const char *req_text(const struct req *req, const char *name);

/* The value of an FN_INT input that is required or has a default. */
int64_t req_int(const struct req *req, const char *name);

/* Whether an input was given. */
bool req_has(const struct req *req, const char *name);

/* An FN_LINES input as the text of a PostgreSQL text[]: {"a","b"}; {} when it
 * was left out. */
const char *req_array(const struct req *req, const char *name);

#endif /* REQ_H */
