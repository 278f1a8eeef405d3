/* SPDX-License-Identifier: MIT */
/*
 * article-own -- the articles of the user himself, drafts and all.
 *
 *	GET /api/user/articles?status=&limit=20&offset=0&after=
 *	    status	only one of these:
 *			draft		is published at no time
 *			scheduled	is published later
 *			published	everybody sees it
 *			hidden		by a moderator, published or not
 *	    limit	at most so many; above 100 it counts as 100
 *	    offset	leave out so many at the start, at most 10000
 *	    after	from the Link header of the page before
 *
 *	200	{"articles":[...],"articlesCount":int}, without bodies, each
 *		with publishedAt, status and version besides; drafts and what
 *		is hidden come first, the newest of them foremost, then the
 *		others by publishedAt; the count is exact up to 10000 of each
 *		status; a Link header names the next page
 *	401	no token, or not a valid one
 *	422	no such status; limit below 1, offset over 10000, no integer,
 *		or no such after
 */
#include "article-own.sql.h"
#include "article.h"
#include "fn.h"
#include "page.h"

enum { STATUS, LIMIT, OFFSET, AFTER };

static const struct fn_input inputs[] = {
    [STATUS] = {.name = "status",
        .in = FN_QUERY,
        .type = FN_CHOICE,
        .choices = "draft scheduled published hidden",
        .about = "only one of these"},
    [LIMIT] = {PAGE_LIMIT(ARTICLE_PAGE_MAX, "20")},
    [OFFSET] = {PAGE_OFFSET(ARTICLE_OFFSET_MAX)},
    [AFTER] = {PAGE_AFTER},
};

static enum http_status
article_own(struct req *req, struct reply *reply)
{
	struct page_place after = page_after(req, AFTER);
	struct db_rows *page;

	page = req_query(req, &by_status,
	    DB_ARGS(req_text(req, LIMIT), req_text(req, OFFSET), after.time_us,
	        after.id, req->user_id, req_text(req, STATUS)));
	return article_reply_page(
	    req, reply, page, LIMIT, ARTICLE_VIEWER | ARTICLE_STATE);
}

FN_DESCRIPTOR(article_own) = {
    .route = "GET /api/user/articles",
    .about = "The articles of the user himself, drafts and all.",
    .auth = FN_REQUIRED,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_OK,
        "without bodies; the count is exact up to 10000 of each status",
        "{articles: [OwnArticle{" ARTICLE_MEMBERS_SHAPE
        ", publishedAt: time?, status: line, version: int}],"
        " articlesCount: int}")),
    .statements = statements,
    .handle = article_own,
};
