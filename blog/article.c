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
article_write(struct out *o, const char *key, struct db_rows *rows, int row,
    unsigned parts)
{
	bool favorited = false, following = false;

	if ((parts & ARTICLE_VIEWER) != 0) {
		favorited = db_bool(rows, row, "favorited");
		following = db_bool(rows, row, "following");
	}
	out_begin(o, key);
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

enum http_status
article_reply_page(struct req *req, struct reply *reply, struct db_rows *page,
    int limit, unsigned parts)
{
	int n = db_text(page, 0, "slug") != NULL ? page->n : 0;

	out_begin(&reply->out, NULL);
	out_list(&reply->out, "articles");
	for (int i = 0; i < n; i++)
		article_write(&reply->out, NULL, page, i, parts);
	out_end(&reply->out);
	out_int(&reply->out, "articlesCount", db_int(page, 0, "total"));
	out_end(&reply->out);
	if (n == req_int(req, limit))
		page_link(req, reply, db_time(page, n - 1, "listed_at"),
		    db_int(page, n - 1, "id"));
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
