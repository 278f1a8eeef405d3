/* SPDX-License-Identifier: MIT */
/*
 * reply -- every kind of reply: GET /test/reply?how=&text=
 *
 * how is a name of the table at the end; text is what it is made with, which
 * may be anything.  Those whose name begins with "bug-" break a promise.
 */
#include <string.h>

#include "csv.h"
#include "fn.h"
#include "html.h"
#include "xml.h"

enum { HOW, TEXT };

static const struct fn_input inputs[] = {
    [HOW] = {.name = "how",
        .in = FN_QUERY,
        .type = FN_LINE,
        .max = 40,
        .or_else = "json",
        .about = "which kind"},
    [TEXT] = {.name = "text",
        .in = FN_QUERY,
        .type = FN_TEXT,
        .max = 20000,
        .or_else = "a<b",
        .about = "what it is made with"},
};

static enum http_status
json(struct reply *reply, const char *text)
{
	out_begin(&reply->out, NULL);
	out_text(&reply->out, "text", text);
	out_end(&reply->out);
	return HTTP_OK;
}

static enum http_status
html(struct reply *reply, const char *text)
{
	struct buf *b = reply_body(reply, "text/html; charset=utf-8");

	html_format(b, "<p title='%s'>%s is %d%%</p>\n", text, text, 7);
	return HTTP_OK;
}

static enum http_status
xml(struct reply *reply, const char *text)
{
	xml_format(reply_body(reply, "application/xml"), "<a>%s</a>\n", text);
	return HTTP_OK;
}

static enum http_status
csv(struct reply *reply, const char *text)
{
	const char *const fields[] = {"1", NULL, text};

	csv_row(reply_body(reply, "text/csv; charset=utf-8"), fields, 3);
	return HTTP_CREATED;
}

static enum http_status
plain(struct reply *reply, const char *text)
{
	buf_text(reply_body(reply, "text/plain; charset=utf-8"), text);
	return HTTP_OK;
}

static enum http_status
empty(struct reply *reply, const char *text)
{
	(void)text;
	reply_body(reply, "text/plain");
	return HTTP_ACCEPTED;
}

static enum http_status
none(struct reply *reply, const char *text)
{
	(void)reply;
	(void)text;
	return HTTP_NO_CONTENT;
}

static enum http_status
unchanged(struct reply *reply, const char *text)
{
	(void)text;
	reply_header(reply, "X-By", "the handler");
	return HTTP_NOT_MODIFIED;
}

static enum http_status
two(struct reply *reply, const char *text)
{
	reply_header_encoded(reply, "X-One", text);
	reply_header_encoded(reply, "X-Two", text);
	return json(reply, "");
}

static enum http_status
redirect(struct reply *reply, const char *text)
{
	return reply_redirect(reply, HTTP_SEE_OTHER, text);
}

static enum http_status
moved(struct reply *reply, const char *text)
{
	buf_text(reply_body(reply, "text/plain"), "moved\n");
	return reply_redirect(reply, HTTP_PERMANENT_REDIRECT, text);
}

static enum http_status
header(struct reply *reply, const char *text)
{
	reply_header_encoded(reply, "X-Text", text);
	reply_header(reply, "Cache-Control", "public, max-age=60");
	return json(reply, "");
}

static enum http_status
cookies(struct reply *reply, const char *text)
{
	reply_cookie(reply, &(struct cookie){.name = "a", .value = text});
	reply_cookie(reply, &(struct cookie){.name = "__Host-b",
	                        .value = "1",
	                        .max_age_s = 3600,
	                        .same_site = COOKIE_STRICT});
	reply_cookie(reply, &(struct cookie){.name = "c",
	                        .path = "/x",
	                        .domain = "example.org",
	                        .same_site = COOKIE_NONE,
	                        .script_readable = true});
	reply_cookie(reply, &(struct cookie){.name = "d", .insecure = true});
	reply_cookie_clear(reply, "e");
	return json(reply, "");
}

static enum http_status
version(struct reply *reply, const char *text)
{
	reply_version(reply, "2026-11-26T12:00");
	return json(reply, text);
}

static enum http_status
refused(struct reply *reply, const char *text)
{
	out_begin(&reply->out, "begun");
	reply_error(reply, HTTP_UNPROCESSABLE_CONTENT, "title", text);
	return reply_error(
	    reply, HTTP_UNPROCESSABLE_CONTENT, "body", "can't be blank");
}

static enum http_status
refused_html(struct reply *reply, const char *text)
{
	html(reply, text);
	return reply_error(reply, HTTP_PAYMENT_REQUIRED, "account", "is empty");
}

static enum http_status
large(struct reply *reply, const char *text)
{
	struct buf *b = reply_body(reply, "text/plain");

	(void)text;
	for (int i = 0; i < 2000; i++)
		buf_text(b, "0123456789012345678901234567890123456789");
	return HTTP_OK;
}

/* ---- broken promises ---- */

static enum http_status
both(struct reply *reply, const char *text)
{
	plain(reply, text);
	return json(reply, text);
}

static enum http_status
both_later(struct reply *reply, const char *text)
{
	json(reply, text);
	return plain(reply, text);
}

static enum http_status
twice(struct reply *reply, const char *text)
{
	plain(reply, text);
	return plain(reply, text);
}

static enum http_status
format(struct reply *reply, const char *text)
{
	html_format(reply_body(reply, "text/html"), "%5s", text);
	return HTTP_OK;
}

static enum http_status
nowhere(struct reply *reply, const char *text)
{
	json(reply, text);
	return HTTP_FOUND;
}

static enum http_status
no_redirect(struct reply *reply, const char *text)
{
	return reply_redirect(reply, HTTP_OK, text);
}

static enum http_status
none_but_json(struct reply *reply, const char *text)
{
	json(reply, text);
	return HTTP_NO_CONTENT;
}

static enum http_status
own_header(struct reply *reply, const char *text)
{
	reply_header(reply, "content-type", "text/html");
	return json(reply, text);
}

static enum http_status
bad_name(struct reply *reply, const char *text)
{
	reply_header(reply, "X Text", "a");
	return json(reply, text);
}

static enum http_status
bad_value(struct reply *reply, const char *text)
{
	reply_header(reply, "X-Text", "a\x7f");
	return json(reply, text);
}

static enum http_status
many(struct reply *reply, const char *text)
{
	for (int i = 0; i <= REPLY_HEADERS_MAX; i++)
		reply_cookie(reply, &(struct cookie){.name = "a"});
	return json(reply, text);
}

/* text chooses which. */
static enum http_status
cookie(struct reply *reply, const char *text)
{
	static const struct cookie list[] = {
	    {.name = "a b"},
	    {.name = ""},
	    {.name = "a", .path = "x"},
	    {.name = "a", .path = "/;x"},
	    {.name = "a", .domain = "b;c"},
	    {.name = "a", .insecure = true, .same_site = COOKIE_NONE},
	    {.name = "__secure-a", .insecure = true},
	    {.name = "__Host-a", .path = "/x"},
	    {.name = "__HOST-a", .domain = "b"},
	};

	reply_cookie(reply, &list[(*text - '0') % (int)LENGTH(list)]);
	return json(reply, text);
}

static const struct {
	const char *how;
	enum http_status (*reply)(struct reply *reply, const char *text);
} kinds[] = {
    {"json", json},
    {"html", html},
    {"xml", xml},
    {"csv", csv},
    {"plain", plain},
    {"empty", empty},
    {"none", none},
    {"unchanged", unchanged},
    {"two", two},
    {"redirect", redirect},
    {"moved", moved},
    {"header", header},
    {"cookies", cookies},
    {"version", version},
    {"refused", refused},
    {"refused-html", refused_html},
    {"large", large},
    {"bug-both", both},
    {"bug-both-later", both_later},
    {"bug-twice", twice},
    {"bug-format", format},
    {"bug-nowhere", nowhere},
    {"bug-no-redirect", no_redirect},
    {"bug-none-but-json", none_but_json},
    {"bug-own-header", own_header},
    {"bug-bad-name", bad_name},
    {"bug-bad-value", bad_value},
    {"bug-many", many},
    {"bug-cookie", cookie},
};

static enum http_status
reply(struct req *req, struct reply *reply)
{
	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (strcmp(kinds[i].how, req_text(req, HOW)) == 0)
			return kinds[i].reply(reply, req_text(req, TEXT));
	return reply_not_found(reply, "how");
}

FN_DESCRIPTOR(reply) = {
    .route = "GET /test/reply",
    .about = "Every kind of reply.",
    .auth = FN_OPTIONAL,
    .inputs = FN_INPUTS(inputs),
    .cache_tags = "tests",
    .limits = {.reply_max_bytes = 60000},
    .handle = reply,
};
