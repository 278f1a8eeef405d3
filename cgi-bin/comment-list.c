/* SPDX-License-Identifier: MIT */
/*
 * comment-list -- the comments on an article, newest first.
 *
 *	GET /api/articles/:slug/comments?limit=100&after=
 *	    limit	at most so many; above 100 it counts as 100
 *	    after	from the Link header of the page before
 *
 *	200	{"comments":[...]}; a Link header names the next page
 *	401	a token was sent and is not valid
 *	404	no article has this slug
 *	422	limit below 1 or no integer, or no such after
 */
#include "article.h"
#include "comment-list.sql.h"
#include "comment.h"
#include "fn.h"
#include "page.h"

enum { SLUG, LIMIT, AFTER };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
    [LIMIT] = {PAGE_LIMIT(COMMENT_PAGE_MAX, "100")},
    [AFTER] = {PAGE_AFTER},
};

static void
write_listed(struct out *o, const char *key, struct db_rows *rows, int row)
{
	comment_write(o, key, rows, row, db_bool(rows, row, "following"));
}

static enum http_status
comment_list(struct req *req, struct reply *reply)
{
	struct db_rows *page;

	page = req_query(req, &newest,
	    DB_ARGS(req_text(req, SLUG), req->user_id, req_text(req, LIMIT),
	        page_after(req, AFTER).id));
	if (page->n == 0)
		return reply_not_found(reply, "article");
	return page_reply(req, reply, page, LIMIT, "comments", write_listed);
}

FN_DESCRIPTOR(comment_list) = {
    .route = "GET /api/articles/:slug/comments",
    .about = "The comments on an article, newest first.",
    .auth = FN_OPTIONAL,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "the comments", COMMENT_LIST_SHAPE),
        FN_REFUSAL(HTTP_NOT_FOUND, "no article has this slug")),
    .statements = statements,
    .limits = {.reply_max_bytes = 8 * 1024 * 1024}, /* the largest page */
    .handle = comment_list,
};
