/* SPDX-License-Identifier: MIT */
/* response -- see response.h. */
#include "response.h"

#include <string.h>
#include <strings.h>
#include <xxhash.h>

#include "accept.h"
#include "arena.h"
#include "die.h"
#include "etag.h"
#include "log.h"
#include "rate.h"

enum {
	NUMBER_DIGITS = 20, /* of UINT64_MAX */
};

/* ---- what a reply must be ---- */

static void
check_content(const struct reply *reply, enum http_status status)
{
	const struct out *o = &reply->out;
	const struct buf *content = reply_content(reply);

	if (reply->type != NULL && (o->buf.len > 0 || o->buf.failed))
		bug("JSON behind reply_body(): a reply has one content");
	if (content->misused && reply->type != NULL)
		bug("html_format() knows %%s %%d %%ld %%lld %%zu %%%% alone");
	if (o->misused)
		bug("out_end() without a beginning, or nested over %d deep",
		    OUT_DEPTH_MAX);
	if (o->depth != 0)
		bug("%d objects or lists are open: out_end() is missing",
		    o->depth);
	if (http_has_no_body(status) && content->len > 0)
		bug("status %d with a body: it never has one", (int)status);
	if (status < HTTP_MOVED_PERMANENTLY && status != HTTP_NO_CONTENT &&
	    reply->type == NULL && content->len == 0 && !content->failed)
		bug("status %d without a body", (int)status);
}

void
response_check(const struct reply *reply, enum http_status status)
{
	if (*http_reason(status) == '\0')
		bug("%d is no status of http.h", (int)status);
	if (status >= HTTP_BAD_REQUEST && reply->nerrors == 0)
		bug("status %d without an error: return reply_error(...)",
		    (int)status);
	if (status < HTTP_BAD_REQUEST && reply->nerrors > 0)
		bug("status %d, but an error for \"%s\"", (int)status,
		    reply->errors[0].name);
	if (http_is_redirect(status) &&
	    reply_header_find(reply, "Location") == NULL)
		bug("status %d without Location: return reply_redirect(...)",
		    (int)status);
	if (status < HTTP_BAD_REQUEST)
		check_content(reply, status);
}

/* ---- errors ---- */

static struct span
header_of(const struct response *r, const char *variable)
{
	const char *value = gateway_variable(r->request, variable);

	return (struct span){value, value != NULL ? strlen(value) : 0};
}

/* A client that names it and wants it no less than plain JSON. */
static bool
wants_problem(const struct response *r)
{
	struct span accept = header_of(r, "HTTP_ACCEPT");
	bool named, json_named;
	int problem =
	    accept_quality(accept, "application/problem+json", &named);

	return named && problem > 0 &&
	       problem >=
	           accept_quality(accept, "application/json", &json_named);
}

/* The members of RFC 9457, 3.1, before "errors". */
static void
write_problem(const struct response *r, enum http_status status)
{
	const struct reply *reply = r->reply;
	struct out *o = &r->reply->out;

	out_text(o, "type", "about:blank");
	out_text(o, "title", http_reason(status));
	out_int(o, "status", (int)status);
	out_text(o, "detail",
	    arena_format(reply->arena, "%s %s", reply->errors[0].name,
	        reply->errors[0].value));
	out_text(o, "instance",
	    arena_format(reply->arena, "/requests/%s", r->req->id));
}

static bool
is_same_name(const struct reply *reply, int a, int b)
{
	return strcmp(reply->errors[a].name, reply->errors[b].name) == 0;
}

/* All messages of the name of error i, unless they are written already. */
static void
write_errors_of(struct reply *reply, int i)
{
	for (int k = 0; k < i; k++)
		if (is_same_name(reply, k, i))
			return;
	out_list(&reply->out, reply->errors[i].name);
	for (int k = i; k < reply->nerrors; k++)
		if (is_same_name(reply, i, k))
			out_text(&reply->out, NULL, reply->errors[k].value);
	out_end(&reply->out);
}

static void
write_errors(struct response *r, enum http_status status)
{
	struct reply *reply = r->reply;
	struct out *o = &reply->out;

	r->problem = wants_problem(r);
	buf_reset(&reply->content);
	reply->type = NULL;
	out_reset(o);
	out_begin(o, NULL);
	if (r->problem)
		write_problem(r, status);
	out_begin(o, "errors");
	for (int i = 0; i < reply->nerrors; i++)
		write_errors_of(reply, i);
	out_end(o);
	if (r->problem)
		out_text(o, "requestId", r->req->id);
	out_end(o);
}

/* ---- what the client has already ---- */

static bool
is_safe(const struct fn *fn)
{
	return strncmp(fn->route, "GET ", 4) == 0;
}

/* "HASH" or "VERSION-HASH". */
static void
make_etag(struct response *r)
{
	static const char digits[] = "0123456789abcdef";
	const struct buf *content = reply_content(r->reply);
	const char *version = r->reply->version;
	XXH128_canonical_t sum;
	char *at = r->etag;

	/* 12 KiB take 0.6 us: doc/dependencies.md. */
	XXH128_canonicalFromHash(
	    &sum, XXH3_128bits(content->data, content->len));
	*at++ = '"';
	if (version != NULL) {
		memcpy(at, version, strlen(version));
		at += strlen(version);
		*at++ = '-';
	}
	for (size_t i = 0; i < sizeof(sum.digest); i++) {
		*at++ = digits[sum.digest[i] >> 4];
		*at++ = digits[sum.digest[i] & 15];
	}
	*at++ = '"';
	*at = '\0';
}

/* RFC 9110, 13.2.2: a condition counts where the answer would be a 200. */
static enum http_status
apply_condition(struct response *r, enum http_status status)
{
	struct span list;

	if (status != HTTP_OK || !is_safe(r->fn) || r->fn->no_etag)
		return status;
	make_etag(r);
	list = header_of(r, "HTTP_IF_NONE_MATCH");
	if (list.len > 0 && etag_is_listed(list, (struct span){r->etag + 1,
	                                             strlen(r->etag) - 2}))
		return HTTP_NOT_MODIFIED;
	return status;
}

enum http_status
response_finish(struct response *r, enum http_status status)
{
	struct reply *reply = r->reply;
	const struct buf *content;
	bool too_large;

	r->etag[0] = '\0';
	r->problem = false;
	if (reply->nerrors > 0)
		write_errors(r, status);
	content = reply_content(reply);
	if (content->failed && content->no_memory)
		bug("no memory for a reply of more than %zu bytes",
		    content->len);
	too_large =
	    reply->too_large || reply->head_bytes > REPLY_HEAD_MAX_BYTES;
	if (reply->too_large)
		log_error(
		    "a cookie is larger than %d bytes", REPLY_COOKIE_MAX_BYTES);
	else if (too_large)
		log_error("the headers are larger than %d bytes",
		    REPLY_HEAD_MAX_BYTES);
	else if (content->failed)
		log_error("the reply is larger than %zu bytes:"
		          " .limits.reply_max_bytes",
		    content->max);
	if (too_large || content->failed) {
		status = reply_failure(reply, DB_FAILED);
		write_errors(r, status);
	}
	return apply_condition(r, status);
}

/* ---- the head ---- */

static void
write_header(struct buf *b, const char *name, const char *value)
{
	buf_text(b, name);
	buf_text(b, ": ");
	buf_text(b, value);
	buf_text(b, "\r\n");
}

static void
write_decimal(struct buf *b, size_t n)
{
	char digits[NUMBER_DIGITS], *first = digits + sizeof(digits);

	do {
		*--first = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	buf_add(b, first, (size_t)(digits + sizeof(digits) - first));
}

/* What stands in the content, and how long it is. */
static void
write_content_headers(const struct response *r, struct buf *b)
{
	const char *type =
	    r->problem ? "application/problem+json" : reply_type(r->reply);
	size_t len = reply_content(r->reply)->len;

	if (type != NULL)
		write_header(b, "Content-Type", type);
	buf_text(b, "Content-Length: ");
	write_decimal(b, len);
	buf_text(b, "\r\n");
}

/* Whether it may be for one client alone: it has said who it is, or could have
 * by a header or cookie. */
static bool
is_personal(const struct response *r)
{
	const struct fn_inputs *inputs = &r->fn->inputs;

	for (int i = 0; i < inputs->n; i++)
		if (inputs->list[i].in == FN_HEADER ||
		    inputs->list[i].in == FN_COOKIE)
			return true;
	return r->req->user_id != NULL || r->fn->guard != NULL ||
	       reply_header_find(r->reply, "Set-Cookie") != NULL;
}

/* Whether the handler's own Cache-Control goes out: what it meant was its
 * content, not a refusal, and not a cookie. */
static bool
may_say_cache(const struct response *r)
{
	return r->reply->nerrors == 0 &&
	       reply_header_find(r->reply, "Cache-Control") != NULL &&
	       reply_header_find(r->reply, "Set-Cookie") == NULL;
}

/* A 304 has what the 200 would have had (RFC 9110, 15.4.5). */
static void
write_cache_headers(
    const struct response *r, enum http_status status, struct buf *b)
{
	bool public = (status == HTTP_OK || status == HTTP_NOT_MODIFIED) &&
	              is_safe(r->fn) && !is_personal(r);

	if (r->etag[0] != '\0')
		write_header(b, "ETag", r->etag);
	if (!may_say_cache(r))
		write_header(
		    b, "Cache-Control", public ? "no-cache" : "no-store");
	if (public && r->fn->cache_tags != NULL)
		write_header(b, "Cache-Tag", r->fn->cache_tags);
}

void
response_head(
    const struct response *r, enum http_status status, struct buf *head)
{
	const struct reply *reply = r->reply;

	buf_text(head, "Status: ");
	write_decimal(head, (size_t)status);
	buf_text(head, " ");
	buf_text(head, http_reason(status));
	buf_text(head, "\r\n");
	if (!http_has_no_body(status))
		write_content_headers(r, head);
	write_cache_headers(r, status, head);
	if (status == HTTP_UNAUTHORIZED) /* RFC 9110, 15.5.2: each has one */
		write_header(head, "WWW-Authenticate", "Token");
	if (status >= HTTP_BAD_REQUEST)
		write_header(head, "Vary", "Accept");
	if (reply->replayed)
		write_header(head, "Idempotency-Replayed", "true");
	for (int i = 0; i < reply->nheaders; i++)
		if (may_say_cache(r) ||
		    strcasecmp(reply->headers[i].name, "Cache-Control") != 0)
			write_header(head, reply->headers[i].name,
			    reply->headers[i].value);
	rate_head(r->req, head);
	write_header(head, "X-Request-Id", r->req->id);
	buf_text(head, "\r\n");
}

/* RFC 3875, section 4.3.3: the headers of GET, and nothing after them. */
static bool
is_head(const struct gateway_request *request)
{
	const char *method = gateway_variable(request, "REQUEST_METHOD");

	return method != NULL && strcmp(method, "HEAD") == 0;
}

struct span
response_content(const struct response *r, enum http_status status)
{
	const struct buf *content = reply_content(r->reply);

	if (http_has_no_body(status) || is_head(r->request))
		return (struct span){"", 0};
	return (struct span){content->data, content->len};
}
