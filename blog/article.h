/* SPDX-License-Identifier: MIT */
/*
 * article -- articles as the RealWorld API shows them, and the limits of their
 * fields.
 */
#ifndef ARTICLE_H
#define ARTICLE_H

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
 * in a list):
 * {"slug","title","description",["body",]"tagList","createdAt","updatedAt",
 *  "favorited","favoritesCount","author":{"username","bio","image",
 *  "following"}}
 * parts is the sum of enum article_parts.
 */
void article_write(struct out *o, const char *key, struct db_rows *rows,
    int row, unsigned parts);

#endif /* ARTICLE_H */
