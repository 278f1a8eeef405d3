/* SPDX-License-Identifier: MIT */
/*
 * tag-list -- the tags in use, by name.
 *
 *	GET /api/tags
 *
 *	200	{"tags":["a","b",...]}, at most 10000
 *
 * One index probe a tag, however many articles have it (a loose index scan):
 * counting or sorting every use would take 30 ms for 100,000 articles.
 */
#include "fn.h"

static const struct db_statement in_use = {"tag-list.in-use",
    "WITH RECURSIVE step AS ("
    "(SELECT tag FROM article_tag ORDER BY tag LIMIT 1)"
    " UNION ALL SELECT (SELECT t.tag FROM article_tag t"
    " WHERE t.tag > step.tag ORDER BY t.tag LIMIT 1)"
    " FROM step WHERE step.tag IS NOT NULL)"
    " SELECT tag FROM step WHERE tag IS NOT NULL LIMIT 10000"};

static enum http_status
tag_list(struct req *req, struct reply *reply)
{
	struct db_rows rows;
	enum db_status st;

	st = db_query(req->db, &rows, &in_use, DB_NO_ARGS);
	if (st != DB_OK)
		return reply_db(reply, st);

	out_begin(&reply->out, NULL);
	out_list(&reply->out, "tags");
	for (int i = 0; i < rows.n; i++)
		out_span(&reply->out, NULL, db_span(&rows, i, "tag"));
	out_end(&reply->out);
	out_end(&reply->out);
	return HTTP_OK;
}

static const struct fn fn = {
    .name = "tag-list",
    .route = "GET /api/tags",
    .about = "The tags in use.",
    .auth = FN_PUBLIC,
    .statements = (const struct db_statement *const[]){&in_use, NULL},
    .cache_tags = "articles",
    .handle = tag_list,
};

int
main(int argc, char *argv[])
{
	return fn_main(argc, argv, &fn);
}
