/* SPDX-License-Identifier: MIT */
/*
 * article-favorite -- make an article a favourite.
 *
 *	POST /api/articles/:slug/favorite
 *
 *	200	{"article":{...}}, favorited; again changes nothing
 *	401	no token, or not a valid one
 *	403	its author blocks the user
 *	404	no article has this slug
 */
#include "article-favorite.sql.h"
#include "article.h"
#include "fn.h"

enum { SLUG };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
};

static enum http_status
article_favorite(struct req *req, struct reply *reply)
{
	struct db_rows *article;

	article =
	    req_query(req, &insert, DB_ARGS(req_text(req, SLUG), req->user_id));
	if (article->n == 0)
		return reply_not_found(reply, "article");
	if (db_bool(article, 0, "blocked"))
		return reply_error(
		    reply, HTTP_FORBIDDEN, "profile", "forbidden");
	return article_reply(reply, HTTP_OK, article);
}

FN_DESCRIPTOR(article_favorite) = {
    .route = "POST /api/articles/:slug/favorite",
    .about = "Make an article a favourite.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "the article, favorited", ARTICLE_REPLY_SHAPE),
        FN_REFUSAL(HTTP_FORBIDDEN, "one may not favorite it"),
        FN_REFUSAL(HTTP_NOT_FOUND, "no article has this slug")),
    .statements = statements,
    .handle = article_favorite,
};
