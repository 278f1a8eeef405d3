/* SPDX-License-Identifier: MIT */
/*
 * comment-replies -- the answers to a comment, oldest first.
 *
 *	GET /api/articles/:slug/comments/:id/replies?limit=100&after=
 *	    limit	at most so many; above 100 it counts as 100
 *	    after	from the Link header of the page before
 *
 *	200	{"comments":[...]}; a Link header names the next page
 *	401	a token was sent and is not valid
 *	404	no article has this slug, or it no such comment
 *	422	limit below 1 or no integer, or no such after
 */
#include "article.h"
#include "comment-replies.sql.h"
#include "comment.h"
#include "fn.h"
#include "page.h"

enum { SLUG, ID, LIMIT, AFTER };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
    [ID] = {COMMENT_ID_INPUT},
    [LIMIT] = {PAGE_LIMIT(COMMENT_PAGE_MAX, "100")},
    [AFTER] = {PAGE_AFTER},
};

static enum http_status
comment_replies(struct req *req, struct reply *reply)
{
	struct db_rows *page;

	page = req_query(req, &oldest,
	    DB_ARGS(req_text(req, SLUG), req->user_id, req_text(req, LIMIT),
	        req_has(req, AFTER) ? page_after(req, AFTER).id : "0",
	        req_text(req, ID)));
	if (page->n == 0)
		return reply_not_found(reply, "article");
	if (!db_bool(page, 0, "found"))
		return reply_not_found(reply, "comment");
	return page_reply(
	    req, reply, page, LIMIT, "comments", comment_write_answer);
}

FN_DESCRIPTOR(comment_replies) = {
    .route = "GET /api/articles/:slug/comments/:id/replies",
    .about = "The answers to a comment, oldest first.",
    .auth = FN_OPTIONAL,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_OK, "the answers",
                              "{comments: [" COMMENT_ANSWER_SHAPE "]}"),
        FN_REFUSAL(
            HTTP_NOT_FOUND, "no article has this slug, or it no such comment")),
    .statements = statements,
    .limits = {.reply_max_bytes = 8 * 1024 * 1024}, /* the largest page */
    .handle = comment_replies,
};
