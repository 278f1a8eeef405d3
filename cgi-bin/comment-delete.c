/* SPDX-License-Identifier: MIT */
/*
 * comment-delete -- delete a comment of one's own.
 *
 *	DELETE /api/articles/:slug/comments/:id
 *
 *	204	it is gone
 *	401	no token, or not a valid one
 *	403	it is somebody else's
 *	404	no article has this slug, or it no such comment
 */
#include "article.h"
#include "comment-delete.sql.h"
#include "comment.h"
#include "fn.h"

enum { SLUG, ID };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
    [ID] = {COMMENT_ID_INPUT},
};

static enum http_status
comment_delete(struct req *req, struct reply *reply)
{
	struct db_rows *comment;

	comment = req_query(req, &remove,
	    DB_ARGS(req_text(req, SLUG), req->user_id, req_text(req, ID)));
	if (comment->n == 0)
		return reply_not_found(reply, "article");
	if (db_is_null(comment, 0, "mine"))
		return reply_not_found(reply, "comment");
	if (!db_bool(comment, 0, "mine"))
		return reply_error(
		    reply, HTTP_FORBIDDEN, "comment", "forbidden");
	return HTTP_NO_CONTENT;
}

FN_DESCRIPTOR(comment_delete) = {
    .route = "DELETE /api/articles/:slug/comments/:id",
    .about = "Delete a comment.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_NO_CONTENT, "it is gone", NULL),
        FN_REFUSAL(HTTP_FORBIDDEN, "it is somebody else's"),
        FN_REFUSAL(
            HTTP_NOT_FOUND, "there is no such article, or comment on it")),
    .statements = statements,
    .handle = comment_delete,
};
