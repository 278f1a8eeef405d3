/* SPDX-License-Identifier: MIT */
/*
 * pair-update -- change a row of which the client has seen the last version.
 *
 *	PUT /test/pairs/:id?other=
 *
 *	200	{"pair":{"id": int, "version": str}}
 *	404	there is none
 *	412	the client has seen another version
 */
#include "fn.h"
#include "pair-update.sql.h"

enum { ID, OTHER };

static const struct fn_input inputs[] = {
    [ID] = {.name = "id", .in = FN_PATH, .type = FN_INT, .max = 100000},
    [OTHER] = {.name = "other", .in = FN_QUERY, .type = FN_INT, .max = 100000},
};

static enum http_status
pair_update(struct req *req, struct reply *reply)
{
	const char *id = req_text(req, ID);
	struct db_rows *pair, *there;

	pair = req_query(
	    req, &update, DB_ARGS(id, req_text(req, OTHER), req_if_match(req)));
	if (pair->n > 0)
		return reply_row(reply, HTTP_OK, "pair", pair);
	there = req_query(req, &by_id, DB_ARGS(id));
	return there->n == 0 ? reply_not_found(reply, "pair")
	                     : reply_changed(reply, "pair");
}

FN_DESCRIPTOR(pair_update) = {
    .route = "PUT /test/pairs/:id",
    .about = "Change what nobody else has changed since.",
    .auth = FN_PUBLIC,
    .if_match = true,
    .inputs = FN_INPUTS(inputs),
    .role = FN_WRITER,
    .statements = statements,
    .handle = pair_update,
};
