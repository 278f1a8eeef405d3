/* SPDX-License-Identifier: MIT */
/*
 * comment-create -- comment on an article.
 *
 *	POST /api/articles/:slug/comments
 *			{"comment":{"body": str, "parentId": int|null}}
 *	    body	1 to 5000 characters, stored as given
 *	    parentId	the comment on this article that it answers.  Threads
 *			have two levels: an answer to an answer hangs below
 *			the same comment
 *
 *	201	{"comment":{...}}
 *	401	no token, or not a valid one
 *	403	whom it would answer, or the article's author, blocks the user
 *	404	no article has this slug
 *	422	body is blank, too long or no text; parentId is no integer, or
 *		no comment there
 */
#include "article.h"
#include "comment-create.sql.h"
#include "comment.h"
#include "fn.h"

enum { SLUG, BODY, PARENT };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
    [BODY] = {COMMENT_BODY_INPUT},
    [PARENT] = {.name = "parentId",
        .in = FN_BODY,
        .type = FN_INT,
        .nullable = true,
        .min = 1,
        .max = INT64_MAX,
        .about = "the comment that it answers"},
};

static enum http_status
comment_create(struct req *req, struct reply *reply)
{
	struct db_rows *comment;

	comment = req_query(req, &insert,
	    DB_ARGS(req_text(req, SLUG), req->user_id, req_text(req, BODY),
	        req_text(req, PARENT)));
	if (req_text(req, PARENT) != NULL &&
	    db_refused(comment) == DB_NO_PARENT) /* it has just gone */
		return reply_invalid(reply, "parentId", "is no comment here");
	if (comment->n == 0)
		return reply_not_found(reply, "article");
	if (!db_bool(comment, 0, "known"))
		return reply_invalid(reply, "parentId", "is no comment here");
	if (db_bool(comment, 0, "blocked"))
		return reply_error(
		    reply, HTTP_FORBIDDEN, "profile", "forbidden");
	return comment_reply(reply, HTTP_CREATED, comment);
}

FN_DESCRIPTOR(comment_create) = {
    .route = "POST /api/articles/:slug/comments",
    .about = "Comment on an article.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .rate = "write",
    .body_root = "comment",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_CREATED, "the comment", COMMENT_REPLY_SHAPE),
        FN_REFUSAL(HTTP_FORBIDDEN, "one may not comment there"),
        FN_REFUSAL(HTTP_NOT_FOUND, "no article has this slug")),
    .statements = statements,
    .handle = comment_create,
};
