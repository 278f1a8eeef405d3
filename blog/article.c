/* SPDX-License-Identifier: MIT */
/* article -- see article.h. */
#include "article.h"

#include "account.h"
#include "arena.h"
#include "die.h"
#include "page.h"
#include "slug.h"
#include "stamp.h"
#include "uuid.h"

/* 2100-01-01 in microseconds since 1970, from which nothing is published any
 * more: before the place that page_after() gives without ?after=. */
#define PUBLISHED_MAX_US INT64_C(4102444800000000)

const char *
article_new_slug(struct arena *arena, const char *title)
{
	char slug[SLUG_MAX_BYTES + 1], uuid[UUID_TEXT_BYTES];

	slug_from_title(title, slug);
	if (!uuid_new(uuid)) /* its last group is 48 random bits */
		bug("no random bytes");
	return arena_format(arena, "%s%s%s", slug, slug[0] != '\0' ? "-" : "",
	    uuid + UUID_TEXT_BYTES - 1 - 12); /* that group */
}

static void
write_tags(struct out *o, struct pg_array tags)
{
	struct span tag;

	out_list(o, "tagList");
	while (pg_array_next(&tags, &tag))
		out_span(o, NULL, tag);
	out_end(o);
}

void
article_write_time(struct out *o, const char *key, int64_t unix_us)
{
	char text[STAMP_TEXT_BYTES];

	if (!stamp_text(unix_us, text))
		bug("%s of a year beyond 9999", key);
	out_text(o, key, text);
}

void
article_check_published(struct req *req, struct reply *reply, int published_at)
{
	if (req_has(req, published_at) && !req_is_null(req, published_at) &&
	    req_time(req, published_at) >= PUBLISHED_MAX_US)
		reply_invalid(
		    reply, "publishedAt", "must be before the year 2100");
}

static void
write_publication(struct out *o, struct db_rows *rows, int row)
{
	if (db_is_null(rows, row, "published_at"))
		out_null(o, "publishedAt");
	else
		article_write_time(
		    o, "publishedAt", db_time(rows, row, "published_at"));
	out_span(o, "status", db_span(rows, row, "status"));
	out_int(o, "version", db_int(rows, row, "version"));
}

void
article_write_members(
    struct out *o, struct db_rows *rows, int row, unsigned parts)
{
	bool favorited = false, following = false;

	if ((parts & ARTICLE_VIEWER) != 0) {
		favorited = db_bool(rows, row, "favorited");
		following = db_bool(rows, row, "following");
	}
	out_span(o, "slug", db_span(rows, row, "slug"));
	out_span(o, "title", db_span(rows, row, "title"));
	out_span(o, "description", db_span(rows, row, "description"));
	if ((parts & ARTICLE_BODY) != 0)
		out_span(o, "body", db_span(rows, row, "body"));
	write_tags(o, db_texts(rows, row, "tag_list"));
	article_write_time(o, "createdAt", db_time(rows, row, "created_at"));
	article_write_time(o, "updatedAt", db_time(rows, row, "updated_at"));
	out_bool(o, "favorited", favorited);
	out_int(o, "favoritesCount", db_int(rows, row, "favorites_count"));
	out_begin(o, "author");
	account_write_profile(o, rows, row, following);
	out_end(o);
	if ((parts & ARTICLE_STATE) != 0)
		write_publication(o, rows, row);
}

void
article_write(struct out *o, const char *key, struct db_rows *rows, int row,
    unsigned parts)
{
	out_begin(o, key);
	article_write_members(o, rows, row, parts);
	out_end(o);
}

enum http_status
article_reply(
    struct reply *reply, enum http_status status, struct db_rows *rows)
{
	out_begin(&reply->out, NULL);
	article_write(
	    &reply->out, "article", rows, 0, ARTICLE_BODY | ARTICLE_VIEWER);
	out_end(&reply->out);
	return status;
}

/* The content of a page; returns how many articles there are on it. */
static int
write_page(struct reply *reply, struct db_rows *page, unsigned parts)
{
	int n = db_text(page, 0, "slug") != NULL ? page->n : 0;

	out_begin(&reply->out, NULL);
	out_list(&reply->out, "articles");
	for (int i = 0; i < n; i++)
		article_write(&reply->out, NULL, page, i, parts);
	out_end(&reply->out);
	out_int(&reply->out, "articlesCount", db_int(page, 0, "total"));
	out_end(&reply->out);
	return n;
}

enum http_status
article_reply_page(struct req *req, struct reply *reply, struct db_rows *page,
    int limit, unsigned parts)
{
	int n = write_page(reply, page, parts);

	if (n == req_int(req, limit))
		page_link(req, reply, db_time(page, n - 1, "listed_at"),
		    db_int(page, n - 1, "id"));
	return HTTP_OK;
}

enum http_status
article_reply_found(struct reply *reply, struct db_rows *page, unsigned parts)
{
	write_page(reply, page, parts);
	if (db_int(page, 0, "total") == ARTICLE_FOUND_MAX)
		reply_header(reply, "X-Total-Count-Capped", "true");
	return HTTP_OK;
}

enum http_status
article_refuse(struct reply *reply, struct db_rows *rows)
{
	if (rows->n == 0)
		return reply_not_found(reply, "article");
	if (!db_bool(rows, 0, "mine"))
		return reply_error(
		    reply, HTTP_FORBIDDEN, "article", "forbidden");
	if (!db_bool(rows, 0, "wanted"))
		return reply_changed(reply, "article");
	return HTTP_OK;
}
