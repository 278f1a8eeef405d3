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
	enum http_status status;

	comment = req_query(req, &remove,
	    DB_ARGS(req_text(req, SLUG), req->user_id, req_text(req, ID)));
	status = comment_refuse(reply, comment);
	return status == HTTP_OK ? HTTP_NO_CONTENT : status;
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
