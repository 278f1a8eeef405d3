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

enum {
	ARTICLE_TITLE_MAX = 200,        /* characters */
	ARTICLE_DESCRIPTION_MAX = 1000, /* characters */
	ARTICLE_BODY_MAX = 200000,      /* characters */
	ARTICLE_TAG_MAX = 64,           /* characters */
	ARTICLE_TAGS_MAX = 32,          /* tags of one article */
	ARTICLE_SLUG_MAX = 512,         /* characters, as sql/002-blog.sql */
};

/* The columns of one article, in the order article_write() reads them; the
 * statement names the article's row a and its author's w. */
#define ARTICLE_COLUMNS                                                        \
	"a.slug, a.title, a.description, a.tag_list, a.created_at,"            \
	" a.updated_at, a.favorites_count, w.username, w.bio, w.image"

/* What the reader $n (an id, or NULL) has to do with it: two more columns. */
#define ARTICLE_VIEWER_COLUMNS(n)                                              \
	"(SELECT true FROM favorite WHERE account_id = " n "::bigint"          \
	" AND article_id = a.id) IS NOT NULL AS favorited,"                    \
	" (SELECT true FROM follow WHERE follower_id = " n "::bigint"          \
	" AND followed_id = a.author_id) IS NOT NULL AS following"

/* What article_write() may write besides, and the columns it needs for it. */
enum article_parts {
	ARTICLE_BODY = 1,   /* body */
	ARTICLE_VIEWER = 2, /* favorited and following; otherwise both false */
};

/*
 * One article as the value of key (NULL in a list):
 * {"slug","title","description",["body",]"tagList","createdAt","updatedAt",
 *  "favorited","favoritesCount","author":{"username","bio","image",
 *  "following"}}
 * parts is the sum of enum article_parts.
 */
void article_write(struct out *o, const char *key, struct db_rows *rows,
    int row, unsigned parts);

#endif /* ARTICLE_H */
