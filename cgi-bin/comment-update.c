/* SPDX-License-Identifier: MIT */
/*
 * comment-update -- change a comment of one's own.
 *
 *	PUT /api/articles/:slug/comments/:id	{"comment":{"body": str}}
 *	    body	as in comment-create.c
 *
 *	200	{"comment":{...}}, with another updatedAt
 *	401	no token, or not a valid one
 *	403	it is somebody else's, or, as profile, one may not comment there
 *	404	no article has this slug, or it no such comment
 *	422	body is blank, too long or no text
 */
#include "article.h"
#include "comment-update.sql.h"
#include "comment.h"
#include "fn.h"

enum { SLUG, ID, BODY };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
    [ID] = {COMMENT_ID_INPUT},
    [BODY] = {COMMENT_BODY_INPUT},
};

static enum http_status
comment_update(struct req *req, struct reply *reply)
{
	struct db_rows *comment;
	enum http_status status;

	comment = req_query(req, &change,
	    DB_ARGS(req_text(req, SLUG), req->user_id, req_text(req, ID),
	        req_text(req, BODY)));
	status = comment_refuse(reply, comment);
	if (status != HTTP_OK)
		return status;
	if (db_bool(comment, 0, "blocked"))
		return reply_error(
		    reply, HTTP_FORBIDDEN, "profile", "forbidden");
	return comment_reply(reply, HTTP_OK, comment);
}

FN_DESCRIPTOR(comment_update) = {
    .route = "PUT /api/articles/:slug/comments/:id",
    .about = "Change a comment.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .rate = "write",
    .body_root = "comment",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "the comment", COMMENT_REPLY_SHAPE),
        FN_REFUSAL(HTTP_FORBIDDEN,
            "it is somebody else's, or one may not comment there"),
        FN_REFUSAL(
            HTTP_NOT_FOUND, "no article has this slug, or it no such comment")),
    .statements = statements,
    .handle = comment_update,
};
