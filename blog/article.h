/* SPDX-License-Identifier: MIT */
/*
 * article -- articles as the RealWorld API shows them, and the limits of their
 * fields.
 */
#ifndef ARTICLE_H
#define ARTICLE_H

#include "account.h" /* PROFILE_SHAPE */
#include "base.h"
#include "db.h"
#include "out.h"

struct arena;

enum {
	ARTICLE_TITLE_MAX = 200,        /* characters */
	ARTICLE_DESCRIPTION_MAX = 1000, /* characters */
	ARTICLE_BODY_MAX = 200000,      /* characters */
	ARTICLE_TAG_MAX = 64,           /* characters */
	ARTICLE_TAGS_MAX = 32,          /* tags of one article */
	ARTICLE_PAGE_MAX = 100,         /* articles of a page; of the largest
	                                 * size they fit reply_max_bytes */
	ARTICLE_OFFSET_MAX = 10000,     /* articles before it: some 5 ms */
	ARTICLE_SLUG_MAX = 512,         /* characters, as sql/002-blog.sql;
	                                 * new ones are shorter */
};

/* What article_write() may write besides, and the columns it needs for it. */
enum article_parts {
	ARTICLE_BODY = 1,   /* body */
	ARTICLE_VIEWER = 2, /* favorited and following; otherwise both false */
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

/* A comment on an article. */
#define COMMENT_SHAPE                                                          \
	"Comment{id: int, createdAt: time, updatedAt: time, body: text,"       \
	" author: " PROFILE_SHAPE "}"
#define COMMENT_REPLY_SHAPE "{comment: " COMMENT_SHAPE "}"
#define COMMENT_LIST_SHAPE "{comments: [" COMMENT_SHAPE "]}"

#endif /* ARTICLE_H */
