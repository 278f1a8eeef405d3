/* SPDX-License-Identifier: MIT */
/*
 * req -- one request, as a handler sees it: checked inputs, the user, queries.
 * Everything here lives until the reply is sent.
 *
 * An input is named by its place in the descriptor's array, a constant of the
 * file's enum: req_text(req, SLUG).  Raw input never reaches a handler.
 */
#ifndef REQ_H
#define REQ_H

#include "base.h"
#include "db.h"

struct arena;
struct req_private; /* req_private.h */

struct req {
	struct arena *arena;
	const char *id;      /* the request id, for logs and X-Request-Id */
	const char *user_id; /* decimal text for $n, or NULL when anonymous */
	const char *token;   /* the token as it came, or NULL */
	struct req_private *private;
};

/* The text of an input; its default; NULL when left out without a default.
 * For FN_INT the decimal text, ready for $n. */
const char *req_text(const struct req *req, int input);

/* The value of an FN_INT input that is required or has a default. */
int64_t req_int(const struct req *req, int input);

/* Whether an input was given. */
bool req_has(const struct req *req, int input);

/* An FN_LINES input as the text of a PostgreSQL text[]: {"a","b"}; {} when it
 * was left out. */
const char *req_array(const struct req *req, int input);

/* Run a statement, or several as one: db_query() and db_all() of db.h, on the
 * connection of this request. */
struct db_rows *req_query(const struct req *req,
    const struct db_statement *statement, const char *const *args, int n);
void req_query_all(const struct req *req, struct db_rows *rows[],
    const struct db_call *calls, int n);

#endif /* REQ_H */
