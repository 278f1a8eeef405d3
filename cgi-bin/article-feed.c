/* SPDX-License-Identifier: MIT */
/*
 * article-feed -- articles by the authors one follows, newest first.
 *
 *	GET /api/articles/feed?limit=20&offset=0&after=
 *	    limit	at most so many; above 100 it counts as 100
 *	    offset	leave out so many at the start, at most 10000
 *	    after	from the Link header of the page before
 *
 *	200	{"articles":[...],"articlesCount":int}, without bodies; a Link
 *		header names the next page
 *	401	no token, or not a valid one
 *	422	limit below 1, offset over 10000, no integer, or no such after
 */
#include "article-feed.sql.h"
#include "article.h"
#include "fn.h"
#include "page.h"

enum { LIMIT, OFFSET, AFTER };

static const struct fn_input inputs[] = {
    [LIMIT] = {PAGE_LIMIT(ARTICLE_PAGE_MAX, "20")},
    [OFFSET] = {PAGE_OFFSET(ARTICLE_OFFSET_MAX)},
    [AFTER] = {PAGE_AFTER},
};

static enum http_status
article_feed(struct req *req, struct reply *reply)
{
	struct page_place after = page_after(req, AFTER);
	struct db_rows *page;

	page = req_query(req, &followed,
	    DB_ARGS(req_text(req, LIMIT), req_text(req, OFFSET), after.time_us,
	        after.id, req->user_id));
	return article_reply_page(req, reply, page, LIMIT, ARTICLE_VIEWER);
}

FN_DESCRIPTOR(article_feed) = {
    .route = "GET /api/articles/feed",
    .about = "Articles by the authors one follows, newest first.",
    .auth = FN_REQUIRED,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_OK,
        "without bodies; the count is of all that match", ARTICLE_LIST_SHAPE)),
    .statements = statements,
    .handle = article_feed,
};
