/* SPDX-License-Identifier: MIT */
/*
 * link-create -- store a short link of the owner's.
 *
 *	POST /links	{"url": str, "slug": str, "note": str or null}
 *
 *	201	{"link":{"slug","url","note","hits","createdAt"}}
 *	409	the slug is taken
 */
#include "fn.h"
#include "link-create.sql.h"

enum { URL, SLUG, NOTE };

static const struct fn_input inputs[] = {
    [URL] = {.name = "url",
        .in = FN_BODY,
        .type = FN_URL,
        .required = true,
        .max = 2048},
    [SLUG] = {.name = "slug",
        .in = FN_BODY,
        .type = FN_LINE,
        .max = 32,
        .pattern = "[a-z0-9-]{3,32}"},
    [NOTE] = {.name = "note",
        .in = FN_BODY,
        .type = FN_LINE,
        .nullable = true,
        .min = 1,
        .max = 200},
};

static enum http_status
link_create(struct req *req, struct reply *reply)
{
	const char *slug = req_text(req, SLUG);
	struct db_rows *link;
	int tries = 0;

	do /* without a slug a random one, which may be taken, too */
		link = req_query(req, &insert,
		    DB_ARGS(slug, req_text(req, URL), req_text(req, NOTE),
		        req->user_id));
	while (link->n == 0 && slug == NULL && ++tries < 3);
	if (link->n == 0)
		return reply_error(
		    reply, HTTP_CONFLICT, "slug", "has already been taken");
	return reply_row(reply, HTTP_CREATED, "link", link);
}

FN_DESCRIPTOR(link_create) = {
    .route = "POST /links",
    .about = "Store a short link.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .inputs = FN_INPUTS(inputs),
    .statements = statements,
    .handle = link_create,
};
