/* SPDX-License-Identifier: MIT */
/*
 * comment-create -- comment on an article.
 *
 *	POST /api/articles/:slug/comments	{"comment":{"body": str}}
 *	    body	1 to 5000 characters, stored as given
 *
 *	201	{"comment":{...}}
 *	401	no token, or not a valid one
 *	404	no article has this slug
 *	422	body is blank, too long or no text
 */
#include "article.h"
#include "comment-create.sql.h"
#include "comment.h"
#include "fn.h"

enum { SLUG, BODY };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
    [BODY] = {.name = "body",
        .in = FN_BODY,
        .type = FN_TEXT,
        .required = true,
        .min = 1,
        .max = COMMENT_BODY_MAX,
        .about = "what is said"},
};

static enum http_status
comment_create(struct req *req, struct reply *reply)
{
	struct db_rows *comment;

	comment = req_query(req, &insert,
	    DB_ARGS(req_text(req, SLUG), req->user_id, req_text(req, BODY)));
	if (comment->n == 0)
		return reply_not_found(reply, "article");
	out_begin(&reply->out, NULL);
	comment_write(&reply->out, "comment", comment, 0, false);
	out_end(&reply->out);
	return HTTP_CREATED;
}

FN_DESCRIPTOR(comment_create) = {
    .route = "POST /api/articles/:slug/comments",
    .about = "Comment on an article.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .body_root = "comment",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_CREATED, "the comment", COMMENT_REPLY_SHAPE),
        FN_REFUSAL(HTTP_NOT_FOUND, "no article has this slug")),
    .statements = statements,
    .handle = comment_create,
};
