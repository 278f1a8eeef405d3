/* SPDX-License-Identifier: MIT */
/*
 * once -- a row, and answers of every kind to what may be repeated.
 *
 *	POST /test/once?how=	{"id": int}
 *
 *	201	{"id": int, "at": time, "ran": int}: how often the handler has
 *		run for it; with Location and a cookie
 *
 * how: 0 well; 1 the handler refuses; 2 the commit fails; 3 a 204; 4 bytes of
 * any kind; 5 an answer too large to be kept; 6 after 3 s; 7 elsewhere; 8 it
 * dies.
 */
#include "buf.h"
#include "die.h"
#include "fn.h"
#include "idempotency.h"
#include "once.sql.h"

enum { ID, HOW };

static const struct fn_input inputs[] = {
    [ID] = {.name = "id",
        .in = FN_BODY,
        .type = FN_INT,
        .required = true,
        .max = 100000},
    [HOW] = {.name = "how",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 8,
        .or_else = "0"},
};

static enum http_status
any_bytes(struct reply *reply, int64_t how)
{
	struct buf *b = reply_body(reply, "application/octet-stream");

	for (int i = 0; how == 5 && i <= IDEMPOTENCY_CONTENT_MAX / 16; i++)
		buf_text(b, "0123456789abcdef");
	for (int i = 0; i < 256; i++)
		buf_add(b, &(char){(char)i}, 1);
	return HTTP_OK;
}

static enum http_status
once(struct req *req, struct reply *reply)
{
	static int64_t ran;
	int64_t how = req_int(req, HOW);
	struct db_rows *row;

	ran++;
	row = req_query(
	    req, &insert, DB_ARGS(req_text(req, ID), how == 2 ? "4711" : NULL));
	req_query(req, &wait, DB_ARGS(how == 6 ? "3" : "0"));
	if (db_refused(row) == DB_DUPLICATE)
		return reply_error(
		    reply, HTTP_CONFLICT, "id", db_constraint(row));
	if (how == 1)
		return reply_error(reply, HTTP_FORBIDDEN, "how", "is 1");
	if (how == 3)
		return HTTP_NO_CONTENT;
	if (how == 4 || how == 5)
		return any_bytes(reply, how);
	if (how == 7)
		return reply_redirect(reply, HTTP_SEE_OTHER, "/there");
	if (how == 8)
		bug("as asked for");
	reply_location(reply, "/test/once/", req_text(req, ID));
	reply_cookie(
	    reply, &(struct cookie){.name = "session", .value = "s3cret"});
	out_begin(&reply->out, NULL);
	out_int(&reply->out, "id", db_int(row, 0, "id"));
	out_text(&reply->out, "at", db_as_text(row, 0, "at"));
	out_int(&reply->out, "ran", ran);
	out_end(&reply->out);
	return HTTP_CREATED;
}

FN_DESCRIPTOR(once) = {
    .route = "POST /test/once",
    .about = "A row, which a key keeps from being two.",
    .auth = FN_OPTIONAL,
    .inputs = FN_INPUTS(inputs),
    .role = FN_WRITER,
    .statements = statements,
    .limits = {.deadline_ms = 6000, .query_ms = 5000},
    .handle = once,
};
