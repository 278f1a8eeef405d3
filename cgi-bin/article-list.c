/* SPDX-License-Identifier: MIT */
/*
 * article-list -- articles, newest first.
 *
 *	GET /api/articles?tag=&author=&favorited=&limit=20&offset=0&after=
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
 *	422	a filter is too long or given twice, a number out of its range,
 *		no such after
 */
#include "account.h"
#include "article-list.sql.h"
#include "article.h"
#include "fn.h"
#include "page.h"

enum { TAG, AUTHOR, FAVORITED, LIMIT, OFFSET, AFTER };

static const struct fn_input inputs[] = {
    [TAG] = {.name = "tag",
        .in = FN_QUERY,
        .type = FN_LINE,
        .min = 1,
        .max = ARTICLE_TAG_MAX,
        .about = "only with this tag"},
    [AUTHOR] = {.name = "author",
        .in = FN_QUERY,
        .type = FN_LINE,
        .min = 1,
        .max = ACCOUNT_NAME_MAX,
        .about = "only by this user"},
    [FAVORITED] = {.name = "favorited",
        .in = FN_QUERY,
        .type = FN_LINE,
        .min = 1,
        .max = ACCOUNT_NAME_MAX,
        .about = "only favourites of this user"},
    [LIMIT] = {PAGE_LIMIT(ARTICLE_PAGE_MAX, "20")},
    [OFFSET] = {PAGE_OFFSET(ARTICLE_OFFSET_MAX)},
    [AFTER] = {PAGE_AFTER},
};

/* The page, by the statement for the filters that are given. */
static struct db_rows *
query_page(const struct req *req)
{
	struct page_place after = page_after(req, AFTER);
	const char *limit = req_text(req, LIMIT),
	           *offset = req_text(req, OFFSET);
	const char *tag = req_text(req, TAG), *author = req_text(req, AUTHOR);
	const char *fan = req_text(req, FAVORITED), *me = req->user_id;
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
	return article_reply_page(req, reply, query_page(req), LIMIT,
	    req->user_id != NULL ? ARTICLE_VIEWER : 0);
}

FN_DESCRIPTOR(article_list) = {
    .route = "GET /api/articles",
    .about = "Articles, newest first.",
    .auth = FN_OPTIONAL,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_OK,
        "without bodies; the count is of all that match", ARTICLE_LIST_SHAPE)),
    .statements = statements,
    .cache_tags = "articles",
    .handle = article_list,
};
