/* SPDX-License-Identifier: MIT */
/*
 * sitemap -- the pages of all articles, for search engines (sitemaps.org, 0.9).
 *
 *	GET /sitemap.xml?part=
 *	    part	one of those that the answer without it lists
 *
 *	200	without part the index of all parts; a part has up to 5000
 *		articles, the first the front page, too; addresses begin with
 *		the setting MAYFLY_SITE_URL
 *	404	there is no such part
 *	422	part is no number from 1 to 50000
 */
#include "arena.h"
#include "fn.h"
#include "site.h"
#include "sitemap.sql.h"
#include "stamp.h"
#include "xml.h"

#define PART_ARTICLES_MAX "5000" /* $1; of 1.2 KB at most: they fit a reply */
#define NAMESPACE "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\""

enum { PART };

static const struct fn_input inputs[] = {
    [PART] = {.name = "part",
        .in = FN_QUERY,
        .type = FN_INT,
        .min = 1,
        .max = 50000, /* of an index: sitemaps.org */
        .about = "one of those that the answer without it lists"},
};

static enum http_status
write_index(struct req *req, struct buf *b, struct db_rows *list)
{
	const char *url = site_url(req->arena, "/sitemap.xml?part=", "");

	buf_text(b, "<sitemapindex " NAMESPACE ">\n");
	for (int i = 0; i < list->n; i++)
		xml_format(b, "<sitemap><loc>%s%lld</loc></sitemap>\n", url,
		    (long long)db_int(list, i, "part"));
	buf_text(b, "</sitemapindex>\n");
	return HTTP_OK;
}

static void
write_url(struct req *req, struct buf *b, struct db_rows *articles, int i)
{
	char changed[STAMP_TEXT_BYTES] = "";

	xml_format(b, "<url><loc>%s</loc>",
	    site_url(req->arena, SITE_ARTICLE_PATH,
	        db_text(articles, i, "address")));
	if (stamp_text(db_time(articles, i, "changed_at"), changed))
		xml_format(b, "<lastmod>%s</lastmod>", changed);
	buf_text(b, "</url>\n");
}

static enum http_status
sitemap(struct req *req, struct reply *reply)
{
	struct db_rows *rows =
	    req_has(req, PART)
	        ? req_query(req, &part,
	              DB_ARGS(PART_ARTICLES_MAX, req_text(req, PART)))
	        : req_query(req, &parts, DB_ARGS(PART_ARTICLES_MAX));
	bool first = req_has(req, PART) && req_int(req, PART) == 1;
	struct buf *b;

	if (rows->n == 0 && !first)
		return reply_not_found(reply, "part");
	b = reply_body(reply, "application/xml; charset=utf-8");
	buf_text(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	if (!req_has(req, PART))
		return write_index(req, b, rows);
	buf_text(b, "<urlset " NAMESPACE ">\n");
	if (first)
		xml_format(b, "<url><loc>%s</loc></url>\n",
		    site_url(req->arena, "/", ""));
	for (int i = 0; i < rows->n; i++)
		write_url(req, b, rows, i);
	buf_text(b, "</urlset>\n");
	return HTTP_OK;
}

FN_DESCRIPTOR(sitemap) = {
    .route = "GET /sitemap.xml",
    .about = "The pages of all articles, for search engines.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES({.status = HTTP_OK,
                              .about = "an index of parts, or a part",
                              .type = "application/xml; charset=utf-8"},
        FN_REFUSAL(HTTP_NOT_FOUND, "there is no such part")),
    .statements = statements,
    .cache_tags = "articles",
    .handle = sitemap,
};
