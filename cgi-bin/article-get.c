/* SPDX-License-Identifier: MIT */
/*
 * article-get -- one article.
 *
 *	GET /api/articles/:slug
 *
 *	200	{"article":{...}}
 *	401	a token was sent and is not valid
 *	404	no article has this slug, or none can
 */
#include "article-get.sql.h"
#include "article.h"
#include "fn.h"

enum { SLUG };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
};

static enum http_status
article_get(struct req *req, struct reply *reply)
{
	struct db_rows *article;

	article = req_query(
	    req, &by_slug, DB_ARGS(req_text(req, SLUG), req->user_id));
	if (article->n == 0)
		return reply_not_found(reply, "article");
	reply_version(reply, db_as_text(article, 0, "version"));
	return article_reply(reply, HTTP_OK, article);
}

FN_DESCRIPTOR(article_get) = {
    .route = "GET /api/articles/:slug",
    .about = "One article.",
    .auth = FN_OPTIONAL,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "the article", ARTICLE_REPLY_SHAPE),
        FN_REFUSAL(HTTP_NOT_FOUND, "no article has this slug")),
    .statements = statements,
    .cache_tags = "articles",
    .handle = article_get,
};
