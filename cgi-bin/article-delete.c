/* SPDX-License-Identifier: MIT */
/*
 * article-delete -- delete an article of one's own.
 *
 *	DELETE /api/articles/:slug
 *	    If-Match	only if the article still has one of these ETags
 *
 *	204	it is gone, with its comments and favourites
 *	401	no token, or not a valid one
 *	403	it is somebody else's
 *	404	no article has this slug
 *	412	it has changed since
 */
#include "article-delete.sql.h"
#include "article.h"
#include "fn.h"

enum { SLUG };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
};

static enum http_status
article_delete(struct req *req, struct reply *reply)
{
	struct db_rows *article;
	enum http_status status;

	article = req_query(req, &remove,
	    DB_ARGS(req_text(req, SLUG), req->user_id, req_if_match(req)));
	status = article_refuse(reply, article);
	return status == HTTP_OK ? HTTP_NO_CONTENT : status;
}

FN_DESCRIPTOR(article_delete) = {
    .route = "DELETE /api/articles/:slug",
    .about = "Delete an article.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .if_match = true,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_NO_CONTENT, "it is gone", NULL),
        FN_REFUSAL(HTTP_FORBIDDEN, "it is somebody else's"),
        FN_REFUSAL(HTTP_NOT_FOUND, "no article has this slug"),
        FN_REFUSAL(HTTP_PRECONDITION_FAILED, "it has changed since")),
    .statements = statements,
    .handle = article_delete,
};
