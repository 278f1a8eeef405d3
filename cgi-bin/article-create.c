/* SPDX-License-Identifier: MIT */
/*
 * article-create -- publish an article, now or later, or keep a draft.
 *
 *	POST /api/articles	{"article":{"title": str, "description": str,
 *				            "body": str, "tagList": [str],
 *				            "publishedAt": time|null}}
 *	    title	1 to 200 characters, without white space at its ends
 *	    description	1 to 1000 characters, stored as given
 *	    body	1 to 200000 characters, Markdown, stored as given
 *	    tagList	up to 32 tags of 1 to 64 characters, doubles dropped; []
 *			when left out
 *	    publishedAt	null: a draft, which its author alone sees; a time
 *			ahead, before 2100: until then it is one; left out, or a
 *			time that has passed: it is published at once
 *
 *	201	{"article":{...}}
 *	401	no token, not a valid one, or its user is gone
 *	409	three random slugs were taken
 *	422	a field is blank, too long or of the wrong type
 *	429	too many by this user or, by nginx, from one address
 *
 * Two articles may have one title: the slug ends in random characters.
 */
#include "article-create.sql.h"
#include "article.h"
#include "fn.h"

enum { TITLE, DESCRIPTION, BODY, TAG_LIST, PUBLISHED_AT };

static const struct fn_input inputs[] = {
    [TITLE] = {ARTICLE_TITLE_INPUT, .required = true},
    [DESCRIPTION] = {ARTICLE_DESCRIPTION_INPUT, .required = true},
    [BODY] = {ARTICLE_BODY_INPUT, .required = true},
    [TAG_LIST] = {ARTICLE_TAGS_INPUT},
    [PUBLISHED_AT] = {ARTICLE_PUBLISHED_INPUT},
};

static void
article_create_check(struct req *req, struct reply *reply)
{
	article_check_published(req, reply, PUBLISHED_AT);
}

static enum http_status
article_create(struct req *req, struct reply *reply)
{
	const char *title = req_text(req, TITLE);
	struct db_rows *article;
	int tries = 0;

	/* No row: the slug is taken; or it failed, which the library answers.
	 */
	do
		article = req_query(req, &insert,
		    DB_ARGS(article_new_slug(req->arena, title), req->user_id,
		        title, req_text(req, DESCRIPTION), req_text(req, BODY),
		        req_array(req, TAG_LIST), req_text(req, PUBLISHED_AT),
		        req_is_null(req, PUBLISHED_AT) ? "true" : "false"));
	while (article->n == 0 && ++tries < ARTICLE_SLUG_TRIES);
	if (db_refused(article) == DB_NO_PARENT)
		return reply_no_user(reply);
	if (article->n == 0)
		return reply_error(
		    reply, HTTP_CONFLICT, "title", "has already been taken");

	out_begin(&reply->out, NULL);
	article_write(&reply->out, "article", article, 0, ARTICLE_BODY);
	out_end(&reply->out);
	return HTTP_CREATED;
}

FN_DESCRIPTOR(article_create) = {
    .route = "POST /api/articles",
    .about = "Publish an article, or keep it as a draft.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .rate = "write",
    .atomic = true, /* nothing is stored when the reply fails */
    .body_root = "article",
    .inputs = FN_INPUTS(inputs),
    .check = article_create_check,
    .replies = FN_REPLIES(FN_ANSWER(HTTP_CREATED, "the article, with its slug",
                              ARTICLE_REPLY_SHAPE),
        FN_REFUSAL(HTTP_CONFLICT, "three random slugs were taken")),
    .statements = statements,
    .handle = article_create,
};
