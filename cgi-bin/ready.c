/* SPDX-License-Identifier: MIT */
/*
 * ready -- readiness: the database answers, so requests can be served.
 *
 *	GET /readyz
 *
 *	200	{"status":"ok","database":"ok"}
 *	503	the database does not answer
 */
#include "fn.h"

static const struct db_statement select_one = {
    "ready.select-one", "SELECT 1 AS one"};

static enum http_status
ready(struct req *req, struct reply *reply)
{
	struct db_rows rows;
	enum db_status st;

	st = db_query(req->db, &rows, &select_one, DB_NO_ARGS);
	if (st != DB_OK)
		return reply_db(reply, st);

	out_begin(&reply->out, NULL);
	out_text(&reply->out, "status", "ok");
	out_text(&reply->out, "database", "ok");
	out_end(&reply->out);
	return HTTP_OK;
}

static const struct fn fn = {
    .name = "ready",
    .route = "GET /readyz",
    .about = "Whether the database answers.",
    .auth = FN_PUBLIC,
    .statements = (const struct db_statement *const[]){&select_one, NULL},
    .handle = ready,
};

int
main(int argc, char *argv[])
{
	return fn_main(argc, argv, &fn);
}
