/* SPDX-License-Identifier: MIT */
/*
 * article-list -- articles, newest first.
 *
 *	GET /api/articles?tag=&author=&favorited=&limit=20&offset=0
 *	    tag		only articles with this tag
 *	    author	only by the user of this name
 *	    favorited	only favourites of the user of this name
 *	    limit	at most so many; above 100 it counts as 100
 *	    offset	leave out so many at the start, at most 10000
 *
 *	200	{"articles":[...],"articlesCount":int}: article-list.sql says
 *		how far each filter counts
 *	401	a token was sent and is not valid
 *	422	a filter is too long or given twice, a number out of its range
 */
#include "account.h"
#include "article-list.sql.h"
#include "article.h"
#include "fn.h"

enum { TAG, AUTHOR, FAVORITED, LIMIT, OFFSET };

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
    [LIMIT] = {.name = "limit",
        .in = FN_QUERY,
        .type = FN_INT,
        .min = 1,
        .max = ARTICLE_PAGE_MAX,
        .clamp = true,
        .or_else = "20",
        .about = "at most so many"},
    [OFFSET] = {.name = "offset",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = ARTICLE_OFFSET_MAX,
        .or_else = "0",
        .about = "leave out so many at the start"},
};

/* The page, by the statement for the filters that are given. */
static struct db_rows *
query_page(const struct req *req)
{
	const char *limit = req_text(req, LIMIT);
	const char *offset = req_text(req, OFFSET);
	const char *tag = req_text(req, TAG);
	const char *author = req_text(req, AUTHOR);
	const char *fan = req_text(req, FAVORITED);
	const char *me = req->user_id;

	switch ((tag != NULL) + (author != NULL) + (fan != NULL)) {
	case 0:
		if (me == NULL)
			return req_query(
			    req, &newest_stranger, DB_ARGS(limit, offset));
		return req_query(req, &newest, DB_ARGS(limit, offset, me));
	case 1:
		if (tag != NULL)
			return req_query(
			    req, &by_tag, DB_ARGS(limit, offset, me, tag));
		if (author != NULL)
			return req_query(req, &by_author,
			    DB_ARGS(limit, offset, me, author));
		return req_query(
		    req, &by_favorited, DB_ARGS(limit, offset, me, fan));
	default:
		return req_query(req, &by_several,
		    DB_ARGS(limit, offset, me, tag, author, fan));
	}
}

static enum http_status
article_list(struct req *req, struct reply *reply)
{
	unsigned parts = req->user_id != NULL ? ARTICLE_VIEWER : 0;
	struct db_rows *page = query_page(req);

	out_begin(&reply->out, NULL);
	out_list(&reply->out, "articles");
	/* Of an empty page there is one row, which has only the total. */
	if (db_text(page, 0, "slug") != NULL) {
		for (int i = 0; i < page->n; i++)
			article_write(&reply->out, NULL, page, i, parts);
	}
	out_end(&reply->out);
	out_int(&reply->out, "articlesCount", db_int(page, 0, "total"));
	out_end(&reply->out);
	return HTTP_OK;
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
