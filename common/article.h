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

/*
 * One article, without its body, as the value of key (NULL in a list):
 * {"slug","title","description",["body",]"tagList","createdAt","updatedAt",
 *  "favorited","favoritesCount","author":{"username","bio","image",
 *  "following"}}
 * with_body: the column body is there and is written too.
 */
void article_write(struct out *o, const char *key, struct db_rows *rows,
    int row, bool with_body);

/*
 * The next item of a PostgreSQL array in text form, such as {c,"a b",NULL}:
 * false at the end, or when the text has another form.  *at starts as the
 * whole text and is moved on; item has room for strlen(text) + 1 bytes.  An
 * item NULL is the text NULL.  Pure.  PostgreSQL manual, section 8.15.6.
 */
bool article_next_tag(const char **at, char *item) MUST_CHECK;

#endif /* ARTICLE_H */
