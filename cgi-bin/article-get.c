/* SPDX-License-Identifier: MIT */
/*
 * article-get -- one article.
 *
 *	GET /api/articles/:slug?format=
 *	    format	html: the body as HTML, too, and the time to read it
 *
 *	200	{"article":{...}}; with format=html there is bodyHtml, which has
 *		no script in it, and readingTimeMinutes besides
 *	401	a token was sent and is not valid
 *	404	no article has this slug, or none can
 *	422	another format
 */
#include "article-get.sql.h"
#include "article.h"
#include "fn.h"
#include "markdown.h"

enum { SLUG, FORMAT };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
    [FORMAT] = {.name = "format",
        .in = FN_QUERY,
        .type = FN_CHOICE,
        .choices = "html",
        .about = "html: the body as HTML, too"},
};

static void
write_html(struct req *req, struct out *o, struct span body)
{
	out_span(o, "bodyHtml", markdown_html(req->arena, body));
	out_int(o, "readingTimeMinutes", markdown_minutes(body));
}

static enum http_status
article_get(struct req *req, struct reply *reply)
{
	struct out *o = &reply->out;
	struct db_rows *article;

	article = req_query(
	    req, &by_slug, DB_ARGS(req_text(req, SLUG), req->user_id));
	if (article->n == 0)
		return reply_not_found(reply, "article");
	reply_version(reply, db_as_text(article, 0, "version"));
	out_begin(o, NULL);
	out_begin(o, "article");
	article_write_members(o, article, 0, ARTICLE_BODY | ARTICLE_VIEWER);
	if (req_has(req, FORMAT))
		write_html(req, o, db_span(article, 0, "body"));
	out_end(o);
	out_end(o);
	return HTTP_OK;
}

FN_DESCRIPTOR(article_get) = {
    .route = "GET /api/articles/:slug",
    .about = "One article.",
    .auth = FN_OPTIONAL,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK,
            "the article; with format=html bodyHtml and readingTimeMinutes"
            " besides",
            ARTICLE_REPLY_SHAPE),
        FN_REFUSAL(HTTP_NOT_FOUND, "no article has this slug")),
    .statements = statements,
    .cache_tags = "articles",
    .handle = article_get,
};
