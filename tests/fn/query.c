/* SPDX-License-Identifier: MIT */
/* query -- a function whose database takes its time: GET /test/query?ms=100,
 * with a deadline of a second. */
#include "fn.h"

static const struct fn_input inputs[] = {
    {"ms", FN_QUERY, FN_INT, false, 0, 60000, .or_else = "0",
        .about = "how long the query sleeps, in milliseconds"},
    {0},
};

static const struct db_statement nap = {
    "query.nap", "SELECT pg_sleep($1::double precision / 1000)"};

static enum http_status
query(struct req *req, struct reply *reply)
{
	struct db_rows rows;
	enum db_status st;

	st = db_query(req->db, &rows, &nap, DB_ARGS(req_text(req, "ms")));
	if (st != DB_OK)
		return reply_db(reply, st);
	out_begin(&reply->out, NULL);
	out_int(&reply->out, "rows", rows.n);
	out_end(&reply->out);
	return HTTP_OK;
}

static const struct fn fn = {
    .name = "query",
    .route = "GET /test/query",
    .about = "Lets the database sleep, then answers.",
    .auth = FN_PUBLIC,
    .inputs = inputs,
    .statements = (const struct db_statement *const[]){&nap, NULL},
    .limits = {.deadline_ms = 1000},
    .handle = query,
};

int
main(int argc, char *argv[])
{
	return fn_main(argc, argv, &fn);
}
