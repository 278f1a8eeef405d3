/* SPDX-License-Identifier: MIT */
/*
 * comment-threads -- the comments on an article with the answers to each.
 *
 *	GET /api/articles/:slug/threads?limit=25&after=
 *	    limit	at most so many threads; above 25 it counts as 25
 *	    after	from the Link header of the page before
 *
 *	200	{"threads":[...]}: comments that answer none, newest first, each
 *		with how many answers it has, up to 1000, and the oldest 3 of
 *		them; comment-replies.c has all.  A Link header names the next
 *		page
 *	401	a token was sent and is not valid
 *	404	no article has this slug
 *	422	limit below 1 or no integer, or no such after
 */
#include "article.h"
#include "comment-threads.sql.h"
#include "comment.h"
#include "fn.h"
#include "page.h"

enum { SLUG, LIMIT, AFTER };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
    [LIMIT] = {PAGE_LIMIT(COMMENT_THREADS_MAX, "25")},
    [AFTER] = {PAGE_AFTER},
};

static enum http_status
comment_threads(struct req *req, struct reply *reply)
{
	struct db_rows *page;
	int n = 0, last = 0, row = 0;

	page = req_query(req, &newest,
	    DB_ARGS(req_text(req, SLUG), req->user_id, req_text(req, LIMIT),
	        page_after(req, AFTER).id));
	if (page->n == 0)
		return reply_not_found(reply, "article");
	out_begin(&reply->out, NULL);
	out_list(&reply->out, "threads");
	while (row < page->n && !db_is_null(page, row, "id")) {
		last = row;
		row = comment_write_thread(&reply->out, page, row);
		n++;
	}
	out_end(&reply->out);
	out_end(&reply->out);
	if (n == req_int(req, LIMIT))
		page_link(req, reply, db_time(page, last, "created_at"),
		    db_int(page, last, "id"));
	return HTTP_OK;
}

FN_DESCRIPTOR(comment_threads) = {
    .route = "GET /api/articles/:slug/threads",
    .about = "The comments on an article with the answers to each.",
    .auth = FN_OPTIONAL,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_OK, "the threads, newest first",
                              "{threads: [" COMMENT_THREAD_SHAPE "]}"),
        FN_REFUSAL(HTTP_NOT_FOUND, "no article has this slug")),
    .statements = statements,
    .limits = {.reply_max_bytes = 8 * 1024 * 1024}, /* the largest page */
    .handle = comment_threads,
};
