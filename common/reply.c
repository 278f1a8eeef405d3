/* SPDX-License-Identifier: MIT */
/* reply -- see reply.h.  response.c makes the response of it. */
#include "reply.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "db.h"
#include "die.h"
#include "url.h"

/* What stays in a URL: RFC 3986, unreserved, reserved and '%'. */
static const char url_bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~:/?#[]@!$&'()*+,;=%";

/* unreserved of RFC 3986, 2.3: any segment of a path may be made of these. */
static const char segment_bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "abcdefghijklmnopqrstuvwxyz"
                                    "0123456789-._~";

/* Visible ASCII, without '%'. */
static const char value_bytes[] =
    "!\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
    "abcdefghijklmnopqrstuvwxyz{|}~";

/* cookie-octet of RFC 6265bis, 4.1.1, without '%'. */
static const char cookie_bytes[] =
    "!#$&'()*+-./0123456789:<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`"
    "abcdefghijklmnopqrstuvwxyz{|}~";

struct reply
reply_new(struct arena *arena, size_t max_bytes)
{
	return (struct reply){.arena = arena,
	    .out = out_new(max_bytes),
	    .content = buf_new(max_bytes)};
}

void
reply_free(struct reply *reply)
{
	buf_free(&reply->out.buf);
	buf_free(&reply->content);
}

struct buf *
reply_body(struct reply *reply, const char *type)
{
	if (reply->type != NULL)
		bug("reply_body() twice");
	if (reply->out.buf.len > 0)
		bug("reply_body() behind JSON: a reply has one content");
	reply->type = type;
	return &reply->content;
}

void
reply_version(struct reply *reply, const char *version)
{
	if (version != NULL &&
	    !reply_is_version((struct span){version, strlen(version)}))
		bug("a version is 1 to %d visible characters of ASCII, no quote"
		    " and no backslash",
		    REPLY_VERSION_MAX);
	reply->version = version;
}

bool
reply_is_version(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] <= ' ' || text.at[i] >= 0x7f ||
		    text.at[i] == '"' || text.at[i] == '\\')
			return false;
	return text.len > 0 && text.len <= REPLY_VERSION_MAX;
}

void
reply_keep(struct reply *reply, const char *kept)
{
	reply->kept = kept;
}

const struct buf *
reply_content(const struct reply *reply)
{
	return reply->type != NULL ? &reply->content : &reply->out.buf;
}

const char *
reply_type(const struct reply *reply)
{
	if (reply->type != NULL)
		return reply->type;
	return reply->out.buf.len > 0 ? REPLY_JSON : NULL;
}

/* ---- headers ---- */

/* A copy in which each byte that is not in keep is %XX. */
static char *
percent_encode(struct arena *arena, const char *text, const char *keep)
{
	char *copy = arena_alloc(arena, URL_ENCODED_MAX(strlen(text)));

	url_encode(text, keep, copy);
	return copy;
}

/* RFC 9110, 5.5: a tab is no control character here. */
static bool
is_header_value(const char *value)
{
	for (; *value != '\0'; value++)
		if (((unsigned char)*value < ' ' && *value != '\t') ||
		    *value == 0x7f)
			return false;
	return true;
}

/* What response.c writes, and the call that leads to it. */
static const struct {
	const char *name, *instead;
} own_headers[] = {
    {"Content-Length", "nothing: it is counted"},
    {"Content-Type", "reply_body()"},
    {"ETag", "reply_version()"},
    {"Idempotency-Replayed", "nothing: see idempotency.h"},
    {"RateLimit", ".rate"},
    {"RateLimit-Policy", ".rate"},
    {"Status", "return it"},
    {"X-Request-Id", "nothing: it is req->id"},
};

void
reply_header(struct reply *reply, const char *name, const char *value)
{
	if (reply->nheaders == REPLY_HEADERS_MAX)
		bug("more than %d headers", REPLY_HEADERS_MAX);
	if (!http_is_token(name))
		bug("\"%s\" is no name of a header", name);
	if (strpbrk(value, "\r\n") != NULL)
		bug("the header %s has a line break", name);
	if (!is_header_value(value))
		bug("the header %s has a control character", name);
	for (size_t i = 0; i < LENGTH(own_headers); i++)
		if (strcasecmp(name, own_headers[i].name) == 0)
			bug("%s is written by the library; use %s", name,
			    own_headers[i].instead);
	reply->headers[reply->nheaders].name = name;
	reply->headers[reply->nheaders].value = value;
	reply->nheaders++;
	reply->head_bytes += strlen(name) + strlen(value) + 4;
}

void
reply_header_encoded(struct reply *reply, const char *name, const char *value)
{
	if (value != NULL)
		reply_header(reply, name,
		    percent_encode(reply->arena, value, value_bytes));
}

const char *
reply_header_find(const struct reply *reply, const char *name)
{
	for (int i = 0; i < reply->nheaders; i++)
		if (strcasecmp(reply->headers[i].name, name) == 0)
			return reply->headers[i].value;
	return NULL;
}

enum http_status
reply_redirect(struct reply *reply, enum http_status status, const char *url)
{
	if (!http_is_redirect(status))
		bug("%d is no redirect: 301, 302, 303, 307, 308", (int)status);
	if (url != NULL)
		reply_header(reply, "Location",
		    percent_encode(reply->arena, url, url_bytes));
	return status;
}

void
reply_location(struct reply *reply, const char *path, const char *id)
{
	if (id != NULL)
		reply_header(reply, "Location",
		    arena_format(reply->arena, "%s%s", path,
		        percent_encode(reply->arena, id, segment_bytes)));
}

/* ---- cookies ---- */

/* What is wrong with it; NULL for nothing. */
static const char *
cookie_problem(const struct cookie *cookie, const char *path)
{
	bool host = strncasecmp(cookie->name, "__Host-", 7) == 0;
	bool secure = host || strncasecmp(cookie->name, "__Secure-", 9) == 0;

	if (!http_is_token(cookie->name))
		return "its name is no token";
	if (path[0] != '/' || strchr(path, ';') != NULL ||
	    !is_header_value(path))
		return "its path does not begin with '/', or holds a ';'";
	if (cookie->domain != NULL &&
	    (*cookie->domain == '\0' ||
	        cookie->domain[strspn(cookie->domain,
	            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	            "0123456789.-")] != '\0'))
		return "its domain is none";
	if (cookie->insecure && cookie->same_site == COOKIE_NONE)
		return "COOKIE_NONE goes without .insecure";
	if (cookie->insecure && secure)
		return "its name promises Secure";
	if (host && (cookie->domain != NULL || strcmp(path, "/") != 0))
		return "__Host- promises the path / and no domain";
	return NULL;
}

void
reply_cookie(struct reply *reply, const struct cookie *cookie)
{
	static const char *const sites[] = {
	    [COOKIE_LAX] = "Lax",
	    [COOKIE_STRICT] = "Strict",
	    [COOKIE_NONE] = "None",
	};
	const char *path = cookie->path != NULL ? cookie->path : "/", *value;
	const char *problem = cookie_problem(cookie, path);
	char age[80] = "";

	if (problem != NULL)
		bug("the cookie \"%s\": %s", cookie->name, problem);
	value = percent_encode(reply->arena,
	    cookie->value != NULL ? cookie->value : "", cookie_bytes);
	if (strlen(cookie->name) + strlen(value) > REPLY_COOKIE_MAX_BYTES)
		reply->too_large = true;
	if (cookie->max_age_s < 0) /* Expires: what is older than Max-Age */
		snprintf(age, sizeof(age), "; Max-Age=0; Expires=%s",
		    "Thu, 01 Jan 1970 00:00:00 GMT");
	else if (cookie->max_age_s > 0)
		snprintf(age, sizeof(age), "; Max-Age=%lld",
		    (long long)cookie->max_age_s);
	reply_header(reply, "Set-Cookie",
	    arena_format(reply->arena, "%s=%s%s; Path=%s%s%s%s%s; SameSite=%s",
	        cookie->name, value, age, path,
	        cookie->domain != NULL ? "; Domain=" : "",
	        cookie->domain != NULL ? cookie->domain : "",
	        cookie->insecure ? "" : "; Secure",
	        cookie->script_readable ? "" : "; HttpOnly",
	        sites[cookie->same_site]));
}

void
reply_cookie_clear(struct reply *reply, const char *name)
{
	reply_cookie(reply, &(struct cookie){.name = name, .max_age_s = -1});
}

/* ---- rows ---- */

enum http_status
reply_rows(struct reply *reply, enum http_status status, const char *key,
    struct db_rows *rows)
{
	out_begin(&reply->out, NULL);
	db_write_rows(&reply->out, key, rows);
	out_end(&reply->out);
	return status;
}

/* ---- refusals ---- */

enum http_status
reply_row(struct reply *reply, enum http_status status, const char *key,
    struct db_rows *rows)
{
	out_begin(&reply->out, NULL);
	db_write_row(&reply->out, key, rows, 0);
	out_end(&reply->out);
	return status;
}

enum http_status
reply_error(struct reply *reply, enum http_status status, const char *key,
    const char *message)
{
	for (int i = 0; i < reply->nerrors; i++)
		if (strcmp(reply->errors[i].name, key) == 0 &&
		    strcmp(reply->errors[i].value, message) == 0)
			return status;
	if (reply->nerrors < REPLY_ERRORS_MAX) {
		reply->errors[reply->nerrors].name = key;
		reply->errors[reply->nerrors].value = message;
		reply->nerrors++;
	}
	return status;
}

enum http_status
reply_invalid(struct reply *reply, const char *input, const char *message)
{
	return reply_error(reply, HTTP_UNPROCESSABLE_CONTENT, input, message);
}

enum http_status
reply_not_found(struct reply *reply, const char *what)
{
	return reply_error(reply, HTTP_NOT_FOUND, what, "not found");
}

enum http_status
reply_changed(struct reply *reply, const char *what)
{
	return reply_error(
	    reply, HTTP_PRECONDITION_FAILED, what, "has changed");
}

enum http_status
reply_no_user(struct reply *reply)
{
	return reply_error(reply, HTTP_UNAUTHORIZED, "token", "is invalid");
}

enum http_status
reply_failure(struct reply *reply, enum db_status status)
{
	static const struct {
		enum http_status status;
		const char *key, *message;
	} table[] = {
	    [DB_DUPLICATE] = {HTTP_CONFLICT, "request",
	        "conflicts with what is stored"},
	    [DB_NO_PARENT] = {HTTP_CONFLICT, "request",
	        "conflicts with what is stored"},
	    [DB_BAD_VALUE] = {HTTP_UNPROCESSABLE_CONTENT, "request",
	        "holds a value that cannot be stored"},
	    [DB_AGAIN] = {HTTP_SERVICE_UNAVAILABLE, "database",
	        "is not available, try again"},
	    [DB_DOWN] = {HTTP_SERVICE_UNAVAILABLE, "database",
	        "is not available, try again"},
	    [DB_SESSION_OVER] = {HTTP_UNAUTHORIZED, "token", "is invalid"},
	    [DB_FORBIDDEN] = {HTTP_FORBIDDEN, "user", "forbidden"},
	    [DB_FAILED] = {HTTP_INTERNAL_SERVER_ERROR, "server", "failed"},
	};

	reply_reset(reply);
	if (table[status].status == HTTP_SERVICE_UNAVAILABLE)
		reply_header(reply, "Retry-After", "1");
	return reply_error(reply, table[status].status, table[status].key,
	    table[status].message);
}

void
reply_reset(struct reply *reply)
{
	out_reset(&reply->out);
	buf_reset(&reply->content);
	reply->type = reply->version = reply->kept = NULL;
	reply->replayed = false;
	reply->nheaders = reply->nerrors = 0;
	reply->head_bytes = 0;
}
