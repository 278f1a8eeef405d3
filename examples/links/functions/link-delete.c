/* SPDX-License-Identifier: MIT */
/*
 * link-delete -- delete a link of the owner's.
 *
 *	DELETE /links/:slug
 *
 *	204	it is gone
 *	403	it is somebody else's
 *	404	there is no such link
 */
#include "fn.h"
#include "link-delete.sql.h"

enum { SLUG };

static const struct fn_input inputs[] = {
    [SLUG] = {.name = "slug", .in = FN_PATH, .type = FN_LINE, .max = 32},
};

static enum http_status
link_delete(struct req *req, struct reply *reply)
{
	struct db_rows *link;

	link = req_query(
	    req, &remove_own, DB_ARGS(req_text(req, SLUG), req->user_id));
	if (link->n == 0)
		return reply_not_found(reply, "link");
	if (!db_bool(link, 0, "removed"))
		return reply_error(reply, HTTP_FORBIDDEN, "link", "forbidden");
	return HTTP_NO_CONTENT;
}

FN_DESCRIPTOR(link_delete) = {
    .route = "DELETE /links/:slug",
    .about = "Delete a link of one's own.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .inputs = FN_INPUTS(inputs),
    .statements = statements,
    .handle = link_delete,
};
