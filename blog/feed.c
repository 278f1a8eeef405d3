/* SPDX-License-Identifier: MIT */
/* feed -- see feed.h. */
#include "feed.h"

#include <inttypes.h>

#include "arena.h"
#include "article.h"
#include "markdown.h"
#include "setting.h"
#include "site.h"
#include "xml.h"

/* The HTML of an article, as long as there is room; at is NULL without. */
static struct span
content_of(struct req *req, struct db_rows *rows, int i, size_t *room)
{
	struct span html, body = db_span(rows, i, "body");

	if (body.at == NULL || *room == 0)
		return (struct span){NULL, 0};
	html = markdown_html(req->arena, body);
	if (html.len > *room) {
		*room = 0; /* the feed ends in articles without content */
		return (struct span){NULL, 0};
	}
	*room -= html.len;
	return html;
}

/* What an article is known by, whatever its slug: it follows the title. */
static const char *
identity(struct req *req, struct db_rows *rows, int i)
{
	return arena_format(req->arena, "%s%" PRId64,
	    site_url(req->arena, "/#article-", ""), db_int(rows, i, "id"));
}

static const char *
page_of(struct req *req, struct db_rows *rows, int i)
{
	return site_url(
	    req->arena, SITE_ARTICLE_PATH, db_text(rows, i, "address"));
}

/* ---- RSS ---- */

static void
write_rss_item(
    struct req *req, struct buf *b, struct db_rows *rows, int i, size_t *room)
{
	struct pg_array tags = db_texts(rows, i, "tag_list");
	struct span html, tag;

	xml_format(b,
	    "<item>\n<title>%s</title>\n<link>%s</link>\n"
	    "<guid isPermaLink=\"false\">%s</guid>\n<pubDate>%s</pubDate>\n"
	    "<dc:creator>%s</dc:creator>\n",
	    db_text(rows, i, "title"), page_of(req, rows, i),
	    identity(req, rows, i), db_text(rows, i, "pub_date"),
	    db_text(rows, i, "username"));
	while (pg_array_next(&tags, &tag)) {
		buf_text(b, "<category>");
		xml_text(b, tag);
		buf_text(b, "</category>\n");
	}
	xml_format(b, "<description>%s</description>\n",
	    db_text(rows, i, "description"));
	html = content_of(req, rows, i, room);
	if (html.at != NULL) {
		buf_text(b, "<content:encoded>");
		xml_text(b, html);
		buf_text(b, "</content:encoded>\n");
	}
	buf_text(b, "</item>\n");
}

void
feed_write_rss(struct req *req, struct reply *reply, const struct feed *feed,
    struct db_rows *rows)
{
	struct buf *b = reply_body(reply, "application/rss+xml; charset=utf-8");
	size_t room = FEED_HTML_MAX;

	xml_format(b,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\""
	    " xmlns:content=\"http://purl.org/rss/1.0/modules/content/\""
	    " xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
	    "<channel>\n<title>%s</title>\n<link>%s</link>\n"
	    "<description>%s</description>\n"
	    "<atom:link href=\"%s\" rel=\"self\""
	    " type=\"application/rss+xml\"/>\n",
	    feed->title, feed->home, feed->title, feed->self);
	for (int i = 0; i < rows->n; i++)
		write_rss_item(req, b, rows, i, &room);
	buf_text(b, "</channel>\n</rss>\n");
}

/* ---- JSON Feed ---- */

static void
write_author(struct req *req, struct out *o, struct db_rows *rows, int i)
{
	out_list(o, "authors");
	out_begin(o, NULL);
	out_span(o, "name", db_span(rows, i, "username"));
	out_text(o, "url",
	    site_url(
	        req->arena, SITE_AUTHOR_PATH, db_text(rows, i, "username")));
	out_end(o);
	out_end(o);
}

static void
write_object(
    struct req *req, struct out *o, struct db_rows *rows, int i, size_t *room)
{
	struct pg_array tags = db_texts(rows, i, "tag_list");
	struct span tag, html = content_of(req, rows, i, room);

	out_begin(o, NULL);
	out_text(o, "id", identity(req, rows, i));
	out_text(o, "url", page_of(req, rows, i));
	out_span(o, "title", db_span(rows, i, "title"));
	out_span(o, "summary", db_span(rows, i, "description"));
	/* One of the two there has to be. */
	if (html.at != NULL)
		out_span(o, "content_html", html);
	else
		out_span(o, "content_text", db_span(rows, i, "description"));
	article_write_time(o, "date_published", db_time(rows, i, "listed_at"));
	article_write_time(o, "date_modified", db_time(rows, i, "updated_at"));
	write_author(req, o, rows, i);
	out_list(o, "tags");
	while (pg_array_next(&tags, &tag))
		out_span(o, NULL, tag);
	out_end(o);
	out_end(o);
}

void
feed_write_json(struct req *req, struct reply *reply, const struct feed *feed,
    struct db_rows *rows)
{
	struct buf *b =
	    reply_body(reply, "application/feed+json; charset=utf-8");
	struct out o = out_new(b->max);
	size_t room = FEED_HTML_MAX;

	out_begin(&o, NULL);
	out_text(&o, "version", "https://jsonfeed.org/version/1.1");
	out_text(&o, "title", feed->title);
	out_text(&o, "home_page_url", feed->home);
	out_text(&o, "feed_url", feed->self);
	out_list(&o, "items");
	for (int i = 0; i < rows->n; i++)
		write_object(req, &o, rows, i, &room);
	out_end(&o);
	out_end(&o);
	if (o.buf.failed)
		b->failed = true;
	else
		buf_add(b, o.buf.data, o.buf.len);
	buf_free(&o.buf);
}
