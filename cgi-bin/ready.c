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
#include "ready.sql.h"

static enum http_status
ready(struct req *req, struct reply *reply)
{
	req_query(req, &select_one, DB_NO_ARGS); /* fails: 503 by the library */
	out_begin(&reply->out, NULL);
	out_text(&reply->out, "status", "ok");
	out_text(&reply->out, "database", "ok");
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(ready) = {
    .route = "GET /readyz",
    .about = "Whether the database answers.",
    .auth = FN_PUBLIC,
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "it does", "{status: line, database: line}")),
    .statements = statements,
    .handle = ready,
};
