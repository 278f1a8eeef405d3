/* SPDX-License-Identifier: MIT */
/*
 * link-list -- the owner's links, newest first.
 *
 *	GET /links?limit=20&offset=0
 *
 *	200	{"links":[...],"linksCount":int}
 */
#include "fn.h"
#include "link-list.sql.h"

enum { LIMIT, OFFSET };

static const struct fn_input inputs[] = {
    [LIMIT] = {.name = "limit",
        .in = FN_QUERY,
        .type = FN_INT,
        .min = 1,
        .max = 100,
        .or_else = "20"},
    [OFFSET] = {.name = "offset",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 10000,
        .or_else = "0"},
};

static enum http_status
link_list(struct req *req, struct reply *reply)
{
	struct db_rows *links, *total;

	links = req_query(req, &page,
	    DB_ARGS(req->user_id, req_text(req, LIMIT), req_text(req, OFFSET)));
	total = req_query(req, &count, DB_ARGS(req->user_id));
	out_begin(&reply->out, NULL);
	db_write_rows(&reply->out, "links", links);
	out_int(&reply->out, "linksCount", db_int(total, 0, "n"));
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(link_list) = {
    .route = "GET /links",
    .about = "The owner's links.",
    .auth = FN_REQUIRED,
    .inputs = FN_INPUTS(inputs),
    .statements = statements,
    .handle = link_list,
};
