/* SPDX-License-Identifier: MIT */
/*
 * slow -- a function that may ask the database for longer than others.
 *
 *	GET /test/slow?ms=&times=
 *
 *	200	{"slept": int}: how often the database has slept for ms
 */
#include "fn.h"
#include "slow.sql.h"

enum { MS, TIMES };

static const struct fn_input inputs[] = {
    [MS] = {.name = "ms",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 60000,
        .or_else = "0",
        .about = "how long a query sleeps, in milliseconds"},
    [TIMES] = {.name = "times",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 1000,
        .or_else = "1",
        .about = "how many queries"},
};

static enum http_status
slow(struct req *req, struct reply *reply)
{
	int64_t slept = 0;

	for (int64_t i = 0; i < req_int(req, TIMES); i++)
		slept += req_query(req, &nap, DB_ARGS(req_text(req, MS)))->n;
	out_begin(&reply->out, NULL);
	out_int(&reply->out, "slept", slept);
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(slow) = {
    .route = "GET /test/slow",
    .about = "Asks the database for long, or often.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .statements = statements,
    .limits = {.deadline_ms = 8000, .query_ms = 5000, .queries = 100},
    .handle = slow,
};
