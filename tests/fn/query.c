/* SPDX-License-Identifier: MIT */
/* query -- a function whose database takes its time: GET /test/query?ms=100,
 * with a deadline of a second. */
#include "fn.h"
#include "query.sql.h"

enum { MS };

static const struct fn_input inputs[] = {
    [MS] = {.name = "ms",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 60000,
        .or_else = "0",
        .about = "how long the query sleeps, in milliseconds"},
};

static enum http_status
query(struct req *req, struct reply *reply)
{
	struct db_rows *rows;

	rows = req_query(req, &nap, DB_ARGS(req_text(req, MS)));
	out_begin(&reply->out, NULL);
	out_int(&reply->out, "rows", rows->n);
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(query) = {
    .route = "GET /test/query",
    .about = "Lets the database sleep, then answers.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .statements = statements,
    .limits = {.deadline_ms = 1000},
    .handle = query,
};
