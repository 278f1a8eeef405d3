/* SPDX-License-Identifier: MIT */
/*
 * link-follow -- to where a short link leads, which is counted.
 *
 *	GET /l/:slug
 *
 *	303	to the url
 *	404	there is no such link
 */
#include "fn.h"
#include "link-follow.sql.h"

enum { SLUG };

static const struct fn_input inputs[] = {
    [SLUG] = {.name = "slug", .in = FN_PATH, .type = FN_LINE, .max = 32},
};

static enum http_status
link_follow(struct req *req, struct reply *reply)
{
	struct db_rows *link;

	link = req_query(req, &hit, DB_ARGS(req_text(req, SLUG)));
	if (link->n == 0)
		return reply_not_found(reply, "link");
	return reply_redirect(reply, HTTP_SEE_OTHER, db_text(link, 0, "url"));
}

FN_DESCRIPTOR(link_follow) = {
    .route = "GET /l/:slug",
    .about = "Follow a short link.",
    .auth = FN_PUBLIC,
    .role = FN_WRITER,
    .inputs = FN_INPUTS(inputs),
    .statements = statements,
    .handle = link_follow,
};
