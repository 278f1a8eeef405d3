/* SPDX-License-Identifier: MIT */
/*
 * tag-list -- the tags in use, in byte order.
 *
 *	GET /api/tags
 *
 *	200	{"tags":["a","b",...]}, the first 10000
 */
#include "fn.h"
#include "tag-list.sql.h"

#define TAGS_MAX "10000" /* $1; of 64 characters, all escaped: 3.9 MB */

static enum http_status
tag_list(struct req *req, struct reply *reply)
{
	struct db_rows *tags;

	tags = req_query(req, &in_use, DB_ARGS(TAGS_MAX));
	out_begin(&reply->out, NULL);
	out_list(&reply->out, "tags");
	for (int i = 0; i < tags->n; i++)
		out_span(&reply->out, NULL, db_span(tags, i, "tag"));
	out_end(&reply->out);
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(tag_list) = {
    .route = "GET /api/tags",
    .about = "The tags in use.",
    .auth = FN_PUBLIC,
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "the first 10000, in byte order", "{tags: [line]}")),
    .statements = statements,
    .cache_tags = "articles",
    .handle = tag_list,
};
