/* SPDX-License-Identifier: MIT */
/*
 * article-get -- one article.
 *
 *	GET /api/articles/:slug
 *
 *	200	{"article":{...}}
 *	401	a token was sent and is not valid
 *	404	no article has this slug
 */
#include "article.h"
#include "fn.h"

static const struct fn_input inputs[] = {
    {"slug", FN_PATH, FN_LINE, true, 1, ARTICLE_SLUG_MAX,
        .about = "of the article"},
    {0},
};

static const struct db_statement by_slug = {"article-get.by-slug",
    "SELECT " ARTICLE_COLUMNS ", a.body, " ARTICLE_VIEWER_COLUMNS(
        "$2") " FROM article a CROSS JOIN LATERAL (SELECT username, bio, image"
              " FROM account WHERE id = a.author_id LIMIT 1) w WHERE a.slug = "
              "$1::text"};

static enum http_status
article_get(struct req *req, struct reply *reply)
{
	struct db_rows rows;
	enum db_status st;

	st = db_query(req->db, &rows, &by_slug,
	    DB_ARGS(req_text(req, "slug"), req->user_id));
	if (st != DB_OK)
		return reply_db(reply, st);
	if (rows.n == 0)
		return reply_error(
		    reply, HTTP_NOT_FOUND, "article", "not found");

	out_begin(&reply->out, NULL);
	article_write(
	    &reply->out, "article", &rows, 0, ARTICLE_BODY | ARTICLE_VIEWER);
	out_end(&reply->out);
	return HTTP_OK;
}

static const struct fn fn = {
    .name = "article-get",
    .route = "GET /api/articles/:slug",
    .about = "One article.",
    .auth = FN_OPTIONAL,
    .inputs = inputs,
    .statements = (const struct db_statement *const[]){&by_slug, NULL},
    .cache_tags = "articles",
    .handle = article_get,
};

int
main(int argc, char *argv[])
{
	return fn_main(argc, argv, &fn);
}
