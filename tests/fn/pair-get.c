/* SPDX-License-Identifier: MIT */
/*
 * pair-get -- a row that has a version, beside a count that has none.
 *
 *	GET /test/pairs/:id
 *
 *	200	{"pair":{"id": int, "version": str, "pairs": int}}
 *	404	there is none
 */
#include "fn.h"
#include "pair-get.sql.h"

enum { ID };

static const struct fn_input inputs[] = {
    [ID] = {.name = "id", .in = FN_PATH, .type = FN_INT, .max = 100000},
};

static enum http_status
pair_get(struct req *req, struct reply *reply)
{
	struct db_rows *pair;

	pair = req_query(req, &by_id, DB_ARGS(req_text(req, ID)));
	if (pair->n == 0)
		return reply_not_found(reply, "pair");
	reply_version(reply, db_text(pair, 0, "version"));
	return reply_row(reply, HTTP_OK, "pair", pair);
}

FN_DESCRIPTOR(pair_get) = {
    .route = "GET /test/pairs/:id",
    .about = "A row with a version.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .statements = statements,
    .handle = pair_get,
};
