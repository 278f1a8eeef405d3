/* SPDX-License-Identifier: MIT */
/*
 * article-create -- publish an article.
 *
 *	POST /api/articles	{"article":{"title": str, "description": str,
 *				            "body": str, "tagList": [str]}}
 *	    title	1 to 200 characters
 *	    description	1 to 1000 characters
 *	    body	1 to 200000 characters, Markdown, stored as given
 *	    tagList	up to 32 tags of 1 to 64 characters; [] when left out
 *
 *	201	{"article":{...}}
 *	401	no token, not a valid one, or its user is gone
 *	422	a field is blank, too long or of the wrong type
 *
 * Two articles may have one title: the slug ends in random characters.
 */
#include "arena.h"
#include "article.h"
#include "fn.h"
#include "slug.h"
#include "uuid.h"

enum {
	SLUG_TRIES = 3, /* 48 random bits: a second try is already a wonder */
};

static const struct fn_input inputs[] = {
    {"title", FN_BODY, FN_LINE, true, 1, ARTICLE_TITLE_MAX,
        .about = "what the slug is made from"},
    {"description", FN_BODY, FN_TEXT, true, 1, ARTICLE_DESCRIPTION_MAX,
        .about = "what it is about, in a line or two"},
    {"body", FN_BODY, FN_TEXT, true, 1, ARTICLE_BODY_MAX,
        .about = "the text, in Markdown"},
    {"tagList", FN_BODY, FN_LINES, false, 1, ARTICLE_TAG_MAX,
        .items_max = ARTICLE_TAGS_MAX, .about = "tags, in order"},
    {0},
};

static const struct db_statement insert_article = {"article-create.insert",
    "WITH a AS (INSERT INTO article"
    " (slug, author_id, title, description, body, tag_list)"
    " VALUES ($1::text, $2::bigint, $3::text, $4::text, $5::text,"
    " $6::text[]) RETURNING *)"
    " SELECT " ARTICLE_COLUMNS ", a.body FROM a LEFT JOIN LATERAL (SELECT "
    "username, bio, image FROM account"
    " WHERE id = a.author_id LIMIT 1) w ON true"};

/* title-in-lower-case-1a2b3c4d5e6f */
static const char *
new_slug(const struct req *req, const char *title)
{
	char slug[SLUG_MAX_BYTES + 1], uuid[UUID_TEXT_BYTES];

	slug_from_title(title, slug);
	uuid_new(uuid); /* its last group is 48 random bits */
	return arena_format(req->arena, "%s%s%s", slug,
	    slug[0] != '\0' ? "-" : "", uuid + UUID_TEXT_BYTES - 1 - 12);
}

static enum http_status
article_create(struct req *req, struct reply *reply)
{
	const char *title = req_text(req, "title");
	enum db_status st = DB_DUPLICATE;
	struct db_rows rows;

	for (int i = 0; i < SLUG_TRIES && st == DB_DUPLICATE; i++)
		st = db_query(req->db, &rows, &insert_article,
		    DB_ARGS(new_slug(req, title), req->user_id, title,
		        req_text(req, "description"), req_text(req, "body"),
		        req_array(req, "tagList")));
	if (st == DB_NO_PARENT)
		return reply_error(
		    reply, HTTP_UNAUTHORIZED, "token", "is invalid");
	if (st != DB_OK)
		return reply_db(reply, st);

	out_begin(&reply->out, NULL);
	article_write(&reply->out, "article", &rows, 0, ARTICLE_BODY);
	out_end(&reply->out);
	return HTTP_CREATED;
}

static const struct fn fn = {
    .name = "article-create",
    .route = "POST /api/articles",
    .about = "Publish an article.",
    .auth = FN_REQUIRED,
    .body_root = "article",
    .inputs = inputs,
    .statements = (const struct db_statement *const[]){&insert_article, NULL},
    .handle = article_create,
};

int
main(int argc, char *argv[])
{
	return fn_main(argc, argv, &fn);
}
