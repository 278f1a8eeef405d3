/* SPDX-License-Identifier: MIT */
/*
 * article -- articles as the RealWorld API shows them, and the inputs that
 * several functions have, with the limits of their fields.
 */
#ifndef ARTICLE_H
#define ARTICLE_H

#include "account.h" /* PROFILE_SHAPE */
#include "base.h"
#include "db.h"
#include "out.h"
#include "reply.h"
#include "req.h"

struct arena;

enum {
	ARTICLE_TITLE_MAX = 200,        /* characters */
	ARTICLE_DESCRIPTION_MAX = 1000, /* characters */
	ARTICLE_BODY_MAX = 200000,      /* characters */
	ARTICLE_TAG_MAX = 64,           /* characters */
	ARTICLE_TAGS_MAX = 32,          /* tags of one article */
	ARTICLE_PAGE_MAX = 100,         /* articles of a page; of the largest
	                                 * size they fit reply_max_bytes */
	ARTICLE_OFFSET_MAX = 10000,     /* articles before it: some 5 ms; an
	                                 * ?after= goes further */
	ARTICLE_SEARCH_MAX = 200,       /* characters of what is searched for */
	ARTICLE_FOUND_MAX = 1000,       /* articles found that are ranked, as
	                                 * article-list.sql says */
	ARTICLE_SLUG_TRIES = 3,         /* 48 random bits: a second try is
	                                 * already a wonder */
	ARTICLE_SLUG_MAX = 512,         /* characters, as sql/002-blog.sql;
	                                 * new ones are shorter */
};

/* [SLUG] = {ARTICLE_SLUG_INPUT}, of the path. */
#define ARTICLE_SLUG_INPUT                                                     \
	.name = "slug", .in = FN_PATH, .type = FN_LINE, .min = 1,              \
	.max = ARTICLE_SLUG_MAX, .about = "of the article"

/* What an article is written from: see article-create.c. */
#define ARTICLE_TITLE_INPUT                                                    \
	.name = "title", .in = FN_BODY, .type = FN_LINE, .min = 1,             \
	.max = ARTICLE_TITLE_MAX, .about = "what the slug is made from"
#define ARTICLE_DESCRIPTION_INPUT                                              \
	.name = "description", .in = FN_BODY, .type = FN_TEXT, .min = 1,       \
	.max = ARTICLE_DESCRIPTION_MAX,                                        \
	.about = "what it is about, in a line or two"
#define ARTICLE_BODY_INPUT                                                     \
	.name = "body", .in = FN_BODY, .type = FN_TEXT, .min = 1,              \
	.max = ARTICLE_BODY_MAX, .about = "the text, in Markdown"
#define ARTICLE_TAGS_INPUT                                                     \
	.name = "tagList", .in = FN_BODY, .type = FN_LINE, .min = 1,           \
	.max = ARTICLE_TAG_MAX, .items_max = ARTICLE_TAGS_MAX, .unique = true, \
	.about = "tags, in this order"

/* Null: not at all, it is a draft; a time that has passed: at once.  What is
 * left out the function says itself. */
#define ARTICLE_PUBLISHED_INPUT                                                \
	.name = "publishedAt", .in = FN_BODY, .type = FN_TIME,                 \
	.nullable = true, .about = "when it is published; null: a draft"

/* What article_write() may write besides, and the columns it needs for it. */
enum article_parts {
	ARTICLE_BODY = 1,   /* body */
	ARTICLE_VIEWER = 2, /* favorited and following; otherwise both false */
	ARTICLE_STATE = 4,  /* published_at, status and version: behind the
	                     * others publishedAt, status and version */
};

/* title-in-lower-case-1a2b3c4d5e6f, of which the end is random. */
const char *article_new_slug(struct arena *arena, const char *title) MUST_CHECK;

/*
 * One article, from the columns slug, title, description, tag_list, created_at,
 * updated_at, favorites_count, username, bio, image, as the value of key (NULL
 * in a list).  parts is the sum of enum article_parts: with ARTICLE_BODY it is
 * ARTICLE_SHAPE, without it is ARTICLE_IN_LIST_SHAPE.
 */
#define ARTICLE_MEMBERS_SHAPE                                                  \
	"slug: line, title: line, description: text, tagList: [line],"         \
	" createdAt: time, updatedAt: time, favorited: bool,"                  \
	" favoritesCount: int, author: " PROFILE_SHAPE
#define ARTICLE_SHAPE "Article{body: text, " ARTICLE_MEMBERS_SHAPE "}"
#define ARTICLE_IN_LIST_SHAPE "ArticleInList{" ARTICLE_MEMBERS_SHAPE "}"
#define ARTICLE_REPLY_SHAPE "{article: " ARTICLE_SHAPE "}"
#define ARTICLE_LIST_SHAPE                                                     \
	"ArticleList{articles: [" ARTICLE_IN_LIST_SHAPE "], articlesCount: "   \
	"int}"
void article_write(struct out *o, const char *key, struct db_rows *rows,
    int row, unsigned parts);

/* The members alone, of an object that has been begun. */
void article_write_members(
    struct out *o, struct db_rows *rows, int row, unsigned parts);

/* For .check: 422 when the input publishedAt is of the year 2100 or later. */
void article_check_published(
    struct req *req, struct reply *reply, int published_at);

/* A time as the API writes it, a member of an object. */
void article_write_time(struct out *o, const char *key, int64_t unix_us);

/* {"article":{...}} from the first row, with body and viewer.  Returns status.
 */
enum http_status article_reply(
    struct reply *reply, enum http_status status, struct db_rows *rows);

/*
 * {"articles":[...],"articlesCount":total} from a page of article-list.sql:
 * the columns of an article, id, listed_at and total, where slug is NULL in
 * the one row of an empty page.  A full page, of as many as the input limit
 * says, has the Link header to the next.
 */
enum http_status article_reply_page(struct req *req, struct reply *reply,
    struct db_rows *page, int limit, unsigned parts);

/*
 * The same of what was searched for, whose next page the client finds by
 * offset. With a total of ARTICLE_FOUND_MAX there may be more:
 * X-Total-Count-Capped.
 */
enum http_status article_reply_found(
    struct reply *reply, struct db_rows *page, unsigned parts);

/*
 * Why an article is not changed, from the columns mine and wanted: 404 without
 * a row, 403 of another author, 412 of another version; HTTP_OK otherwise.
 */
enum http_status article_refuse(struct reply *reply, struct db_rows *rows);

#endif /* ARTICLE_H */
