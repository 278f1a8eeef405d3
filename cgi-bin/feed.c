/* SPDX-License-Identifier: MIT */
/*
 * feed -- the newest 20 articles, for feed readers.
 *
 *	GET /feeds/:format?tag=&author=
 *	    format	rss: RSS 2.0; json: JSON Feed 1.1
 *	    tag		only articles with this tag
 *	    author	only by the user of this name
 *
 *	200	with the content of each as HTML, but for those of more than 64
 *		KiB, and as far as all of it fits; addresses begin with the
 *		setting MAYFLY_SITE_URL
 *	404	another format
 *	422	a filter is too long or given twice; both are given
 */
#include "feed.h"

#include "account.h"
#include "arena.h"
#include "article.h"
#include "feed.sql.h"
#include "fn.h"
#include "setting.h"
#include "site.h"

#define ITEMS_MAX "20" /* $1 */

enum { FORMAT, TAG, AUTHOR };

static const struct fn_input inputs[] = {
    [FORMAT] = {.name = "format",
        .in = FN_PATH,
        .type = FN_CHOICE,
        .choices = "rss json",
        .about = "of the feed"},
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
};

static void
feed_check(struct req *req, struct reply *reply)
{
	if (req_has(req, TAG) && req_has(req, AUTHOR))
		reply_invalid(reply, "author", "does not go with tag");
}

/* What feed this is; filter is "?tag=", "?author=" or "", only its value. */
static struct feed
feed_of(struct req *req, const char *filter, const char *only)
{
	const char *site = setting_text(SETTING_SITE_TITLE);

	return (struct feed){
	    .title = *only != '\0'
	                 ? arena_format(req->arena, "%s: %s", site, only)
	                 : site,
	    .home = req_has(req, AUTHOR)
	                ? site_url(req->arena, SITE_AUTHOR_PATH, only)
	                : site_url(req->arena, "/", ""),
	    .self = site_url(req->arena,
	        arena_format(
	            req->arena, "/feeds/%s%s", req_text(req, FORMAT), filter),
	        only),
	};
}

static enum http_status
feed_get(struct req *req, struct reply *reply)
{
	const char *tag = req_text(req, TAG), *author = req_text(req, AUTHOR);
	struct db_rows *rows;
	struct feed about;

	if (tag != NULL) {
		rows = req_query(req, &by_tag, DB_ARGS(ITEMS_MAX, tag));
		about = feed_of(req, "?tag=", tag);
	} else if (author != NULL) {
		rows = req_query(req, &by_author, DB_ARGS(ITEMS_MAX, author));
		about = feed_of(req, "?author=", author);
	} else {
		rows = req_query(req, &newest, DB_ARGS(ITEMS_MAX));
		about = feed_of(req, "", "");
	}
	if (req_choice(req, FORMAT) == 0)
		feed_write_rss(req, reply, &about, rows);
	else
		feed_write_json(req, reply, &about, rows);
	return HTTP_OK;
}

FN_DESCRIPTOR(feed) = {
    .route = "GET /feeds/:format",
    .about = "The newest articles, for feed readers.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .check = feed_check,
    .replies = FN_REPLIES({.status = HTTP_OK,
        .about = "RSS 2.0 or JSON Feed 1.1",
        .type = "application/rss+xml; charset=utf-8"}),
    .statements = statements,
    .cache_tags = "articles",
    .handle = feed_get,
};
