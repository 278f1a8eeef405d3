/* SPDX-License-Identifier: MIT */
/*
 * prepared -- what its connection has prepared, and as which role.
 *
 *	GET /test/prepared
 *
 *	200	{"prepared":[{"role","name"}]}
 */
#include "fn.h"
#include "prepared.sql.h"

static enum http_status
prepared(struct req *req, struct reply *reply)
{
	struct db_rows *rows = req_query(req, &names, DB_NO_ARGS);

	out_begin(&reply->out, NULL);
	db_write_rows(&reply->out, "prepared", rows);
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(prepared) = {
    .route = "GET /test/prepared",
    .about = "What its connection has prepared.",
    .auth = FN_PUBLIC,
    .statements = statements,
    .handle = prepared,
};
