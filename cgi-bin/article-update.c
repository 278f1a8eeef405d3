/* SPDX-License-Identifier: MIT */
/*
 * article-update -- change an article of one's own.
 *
 *	PUT /api/articles/:slug	{"article":{"title": str,
 *				    "description": str, "body": str,
 *				    "tagList": [str],
 *				    "publishedAt": time|null}}
 *	    each as in article-create.c; what is left out stays, a tagList of []
 *	    takes all tags away, and a publishedAt of null takes the article
 *	    back; a time that has passed publishes it, and leaves what is
 *	    published where it is
 *	    If-Match	only if the article still has one of these ETags
 *
 *	200	{"article":{...}}, under a new slug if the title is another
 *	401	no token, or not a valid one
 *	403	it is somebody else's
 *	404	no article has this slug
 *	409	three random slugs were taken
 *	412	it has changed since
 *	422	a field is blank, null, too long or of the wrong type
 */
#include "article-update.sql.h"
#include "article.h"
#include "fn.h"

enum { SLUG, TITLE, DESCRIPTION, BODY, TAG_LIST, PUBLISHED_AT };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
    [TITLE] = {ARTICLE_TITLE_INPUT},
    [DESCRIPTION] = {ARTICLE_DESCRIPTION_INPUT},
    [BODY] = {ARTICLE_BODY_INPUT},
    [TAG_LIST] = {ARTICLE_TAGS_INPUT},
    [PUBLISHED_AT] = {ARTICLE_PUBLISHED_INPUT},
};

static void
article_update_check(struct req *req, struct reply *reply)
{
	article_check_published(req, reply, PUBLISHED_AT);
}

static enum http_status
article_update(struct req *req, struct reply *reply)
{
	const char *title = req_text(req, TITLE), *slug = NULL;
	struct db_rows *article;
	enum http_status status;
	int tries = 0;

	do {
		if (title != NULL)
			slug = article_new_slug(req->arena, title);
		article = req_query(req, &change,
		    DB_ARGS(req_text(req, SLUG), req->user_id, title,
		        req_text(req, DESCRIPTION), req_text(req, BODY),
		        req_has(req, TAG_LIST) ? req_array(req, TAG_LIST)
		                               : NULL,
		        slug, req_if_match(req), req_text(req, PUBLISHED_AT),
		        req_is_null(req, PUBLISHED_AT) ? "true" : "false"));
	} while (db_refused(article) == DB_DUPLICATE &&
	         ++tries < ARTICLE_SLUG_TRIES);
	if (db_refused(article) == DB_DUPLICATE)
		return reply_error(
		    reply, HTTP_CONFLICT, "title", "has already been taken");
	status = article_refuse(reply, article);
	if (status != HTTP_OK)
		return status;
	reply_version(reply, db_as_text(article, 0, "version"));
	return article_reply(reply, HTTP_OK, article);
}

FN_DESCRIPTOR(article_update) = {
    .route = "PUT /api/articles/:slug",
    .about = "Change an article.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .rate = "write",
    .if_match = true,
    .body_root = "article",
    .inputs = FN_INPUTS(inputs),
    .check = article_update_check,
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK,
            "the article, under a new slug if its title is another",
            ARTICLE_REPLY_SHAPE),
        FN_REFUSAL(HTTP_FORBIDDEN, "it is somebody else's"),
        FN_REFUSAL(HTTP_NOT_FOUND, "no article has this slug"),
        FN_REFUSAL(HTTP_CONFLICT, "three random slugs were taken"),
        FN_REFUSAL(HTTP_PRECONDITION_FAILED, "it has changed since")),
    .statements = statements,
    .handle = article_update,
};
