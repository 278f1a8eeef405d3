/* SPDX-License-Identifier: MIT */
/*
 * article-list -- articles, newest first, or what is searched for, best first.
 *
 *	GET /api/articles?q=&tag=&author=&favorited=&limit=20&offset=0&after=
 *	    q		only with all of the first 8 words of this; the last may
 *			go on, from 3 letters.  If nothing is found, words of
 *			titles and tags count that are like them
 *	    tag		only articles with this tag
 *	    author	only by the user of this name
 *	    favorited	only favourites of the user of this name
 *	    limit	at most so many; above 100 it counts as 100
 *	    offset	leave out so many at the start, at most 10000
 *	    after	from the Link header of the page before
 *
 *	200	{"articles":[...],"articlesCount":int}; a Link header names the
 *		next page; article-list.sql says how far each filter counts
 *	401	a token was sent and is not valid
 *	422	a filter too long or given twice, a number out of its range
 */
#include "account.h"
#include "article-list.sql.h"
#include "article.h"
#include "fn.h"
#include "page.h"

enum { Q, TAG, AUTHOR, FAVORITED, LIMIT, OFFSET, AFTER };

static const struct fn_input inputs[] = {
    [Q] = {.name = "q",
        .in = FN_QUERY,
        .type = FN_LINE,
        .min = 1,
        .max = ARTICLE_SEARCH_MAX,
        .about = "only with these words"},
    [TAG] = {ARTICLE_TAG_QUERY},
    [AUTHOR] = {ACCOUNT_NAME_QUERY("author", "only by this user")},
    [FAVORITED] = {ACCOUNT_NAME_QUERY("favorited", "favourites of this user")},
    [LIMIT] = {PAGE_LIMIT(ARTICLE_PAGE_MAX, "20")},
    [OFFSET] = {PAGE_OFFSET(ARTICLE_OFFSET_MAX)},
    [AFTER] = {PAGE_AFTER},
};

static void
article_list_check(struct req *req, struct reply *reply)
{
	if (req_has(req, Q) && req_has(req, FAVORITED))
		reply_invalid(reply, "favorited", "does not go with q");
	if (req_has(req, Q) && req_has(req, AFTER))
		reply_invalid(reply, "after", "does not go with q");
}

/* What has the words, or else what has words like them. */
static struct db_rows *
query_found(const struct req *req, bool alike)
{
	struct db_rows *page = req_query(req, &search,
	    DB_ARGS(req_text(req, LIMIT), req_text(req, OFFSET), req->user_id,
	        req_text(req, Q), req_text(req, TAG), req_text(req, AUTHOR),
	        alike ? "true" : "false"));
	if (!alike && page->n > 0 && db_int(page, 0, "total") == 0)
		return query_found(req, true);
	return page;
}

/* The page, by the statement for the filters that are given. */
static struct db_rows *
query_page(const struct req *req)
{
	struct page_place after = page_after(req, AFTER);
	const char *limit = req_text(req, LIMIT);
	const char *offset = req_text(req, OFFSET), *me = req->user_id;
	const char *tag = req_text(req, TAG), *author = req_text(req, AUTHOR);
	const char *fan = req_text(req, FAVORITED);
	const char *only = tag != NULL ? tag : author != NULL ? author : fan;
	const struct db_statement *by = tag != NULL      ? &by_tag
	                                : author != NULL ? &by_author
	                                                 : &by_favorited;

	switch ((tag != NULL) + (author != NULL) + (fan != NULL)) {
	case 0:
		if (me == NULL)
			return req_query(req, &newest_stranger,
			    DB_ARGS(limit, offset, after.time_us, after.id));
		return req_query(req, &newest,
		    DB_ARGS(limit, offset, after.time_us, after.id, me));
	case 1:
		return req_query(req, by,
		    DB_ARGS(limit, offset, after.time_us, after.id, me, only));
	default:
		return req_query(req, &by_several,
		    DB_ARGS(limit, offset, after.time_us, after.id, me, tag,
		        author, fan));
	}
}

static enum http_status
article_list(struct req *req, struct reply *reply)
{
	unsigned parts = req->user_id != NULL ? ARTICLE_VIEWER : 0;

	if (req_has(req, Q))
		return article_reply_found(
		    reply, query_found(req, false), parts);
	return article_reply_page(req, reply, query_page(req), LIMIT, parts);
}

FN_DESCRIPTOR(article_list) = {
    .route = "GET /api/articles",
    .about = "Articles, newest first, or what is searched for, best first.",
    .auth = FN_OPTIONAL,
    .inputs = FN_INPUTS(inputs),
    .check = article_list_check,
    .replies = FN_REPLIES(FN_ANSWER(HTTP_OK,
        "without bodies; the count is of all that match", ARTICLE_LIST_SHAPE)),
    .statements = statements,
    .cache_tags = "articles",
    .handle = article_list,
};
