/* SPDX-License-Identifier: MIT */
/*
 * reply -- what goes back.  A handler fills it and returns the status.
 *
 *	JSON		out_begin(&reply->out, NULL); ... return HTTP_OK;
 *	any other type	b = reply_body(reply, "text/html; charset=utf-8");
 *			html_format(b, "<p>%s</p>", text); return HTTP_OK;
 *			also xml.h, csv.h, or bytes by buf_add()
 *	nothing		return HTTP_NO_CONTENT; 304 has none, either
 *	elsewhere	return reply_redirect(reply, HTTP_SEE_OTHER, url);
 *	a refusal	return reply_error(...) or reply_not_found(...)
 *
 * A refusal is {"errors":{"title":["can't be blank"]}}, or RFC 9457's form when
 * the request's Accept would rather have it: response.h.  Content that was
 * begun before a refusal is thrown away; headers and cookies stay.
 *
 * A 200 of a GET gets an ETag, a hash of its content, and the client that has
 * it already a 304.  With reply_version() it is "VERSION-HASH": If-None-Match
 * looks at all of it, If-Match of a later PUT at the version alone
 * (req_if_match()).
 */
#ifndef REPLY_H
#define REPLY_H

#include "base.h"
#include "http.h"
#include "out.h"
#include "pg.h" /* enum db_status */

struct arena;
struct db_rows;

enum {
	REPLY_HEADERS_MAX = 16, /* set by one handler; a cookie is one */
	/* All of them; nginx takes a head of 16 KiB: fastcgi_buffer_size. */
	REPLY_HEAD_MAX_BYTES = 12 * 1024,
	REPLY_COOKIE_MAX_BYTES = 4096, /* name and value: RFC 6265bis, 5.6 */
	REPLY_ERRORS_MAX = 32,         /* messages in one error reply */
	REPLY_VERSION_MAX = 64, /* characters: a number, a time, a hash */
};

#define REPLY_JSON "application/json; charset=utf-8"

struct reply {
	struct out out;      /* the JSON, or */
	struct buf content;  /* what reply_body() gave */
	const char *type;    /* of content; NULL for JSON */
	const char *version; /* by reply_version(), or NULL */
	const char *kept;    /* by reply_keep(), or NULL */
	struct arena *arena;
	struct {
		const char *name, *value;
	} headers[REPLY_HEADERS_MAX], errors[REPLY_ERRORS_MAX];
	int nheaders, nerrors;
	size_t head_bytes; /* of the headers */
	bool too_large;    /* a cookie was */
	bool replayed;     /* it is that of an earlier request */
};

/* An empty reply whose content may grow to max_bytes. */
struct reply reply_new(struct arena *arena, size_t max_bytes);
void reply_free(struct reply *reply);

/*
 * The content is of this type, a literal such as "text/csv; charset=utf-8", and
 * is written into the buffer, as it is.  It may stay empty.  JSON in the same
 * reply, before or after, is a bug.
 */
struct buf *reply_body(struct reply *reply, const char *type);

/*
 * The version of the row that a GET shows, by which a PUT, PATCH or DELETE of
 * it finds out whether the client has seen the last one: its time of change, or
 * a number; not of what it shows beside that row, such as a count.  1 to
 * REPLY_VERSION_MAX visible ASCII characters, no quote and no backslash;
 * anything else is a bug.  Kept, so it must live as long as the request.  NULL,
 * from a query that failed, adds nothing.
 */
void reply_version(struct reply *reply, const char *version);

/* Whether a text can be one. */
bool reply_is_version(struct span text) MUST_CHECK;

/* For a function with .replay, which has to say it: what an answer is made from
 * when its request is repeated, such as the id of a row.  It is stored, so no
 * secret; kept, so it must live as long as the request. */
void reply_keep(struct reply *reply, const char *kept);

/*
 * Add a response header.  name is a literal; value is kept and must live as
 * long as the request.  A name that is none, or one that the library writes
 * itself, a value with a control character, or one header too many, is a bug.
 * Cache-Control takes the place of the library's, but not on an error, nor
 * beside a cookie.
 */
void reply_header(struct reply *reply, const char *name, const char *value);

/* The same for a value from outside, which may hold anything: it is copied, and
 * what is not visible ASCII, and '%', is percent-encoded. */
void reply_header_encoded(
    struct reply *reply, const char *name, const char *value);

/*
 * Send the client elsewhere: returns status, which is 301, 302, 303, 307 or
 * 308.  url may come from outside: it is copied, and what cannot stand in a URL
 * (RFC 3986, appendix A: blanks, quotes, controls, all beyond ASCII) is
 * percent-encoded; '%' stays.  Where it leads is for the handler to check. NULL
 * here and below, from a query that failed, adds nothing: the library answers.
 */
enum http_status reply_redirect(
    struct reply *reply, enum http_status status, const char *url);

/*
 * Where the thing is that a 201 has made: Location is path, a literal, and id
 * as one segment of a path, percent-encoded.
 */
void reply_location(struct reply *reply, const char *path, const char *id);

/* RFC 6265bis, 5.5.7: whether other sites' pages make the browser send it. */
enum cookie_same_site {
	COOKIE_LAX, /* when they link here */
	COOKIE_STRICT,
	COOKIE_NONE, /* always: not with .insecure */
};

/* What is left out is the safe choice. */
struct cookie {
	const char *name;   /* a token, a literal */
	const char *value;  /* any text, see reply_cookie() */
	int64_t max_age_s;  /* 0: until the browser is closed; below: gone */
	const char *path;   /* "/" */
	const char *domain; /* this host alone */
	enum cookie_same_site same_site;
	bool script_readable; /* no HttpOnly */
	bool insecure;        /* no Secure: sent without TLS, too */
};

/*
 * Set a cookie.  All is copied.  Whatever cannot stand in a value (RFC 6265bis,
 * 4.1.1), and '%', is percent-encoded: the reading side decodes.  A name and
 * value of more than REPLY_COOKIE_MAX_BYTES, which browsers drop, is a 500.  A
 * bug is a name that is no token, a path or domain that is none, COOKIE_NONE
 * with .insecure, and a name with __Secure- or __Host- that does not keep what
 * it promises (4.1.3).
 */
void reply_cookie(struct reply *reply, const struct cookie *cookie);

/* Make the browser forget a cookie of path "/" and this host. */
void reply_cookie_clear(struct reply *reply, const char *name);

/* JSON with all rows: {key:[{...},{...}]}.  Returns status. */
enum http_status reply_rows(struct reply *reply, enum http_status status,
    const char *key, struct db_rows *rows);

/* The value of a header that was added, or NULL.  For response.c. */
const char *reply_header_find(const struct reply *reply, const char *name);

/* JSON with the first row of an answer, by the types of its columns (db.h):
 * {key:{"slug":"a","hits":1}}.  Returns status. */
enum http_status reply_row(struct reply *reply, enum http_status status,
    const char *key, struct db_rows *rows);

/* Refuse: {"errors":{key:[message]}}; key is a literal, as in out.h.  Returns
 * status, 400 or more.  More than one call adds up, in order; the same twice is
 * said once. */
enum http_status reply_error(struct reply *reply, enum http_status status,
    const char *key, const char *message);

/* Of an input: 422 with this message. */
enum http_status reply_invalid(
    struct reply *reply, const char *input, const char *message);

/* 404: {"errors":{what:["not found"]}}. */
enum http_status reply_not_found(struct reply *reply, const char *what);

/* 412: {"errors":{what:["has changed"]}}, for req_if_match(). */
enum http_status reply_changed(struct reply *reply, const char *what);

/* 401: {"errors":{"token":["is invalid"]}}, for a user that is gone. */
enum http_status reply_no_user(struct reply *reply);

/* What the library says of a failed query that the handler does not word:
 * 401, 403, 409, 422, 503 with Retry-After, or 500. */
enum http_status reply_failure(struct reply *reply, enum db_status status);

/* The content, and its type: NULL for none.  For response.c and idempotency.c.
 */
const struct buf *reply_content(const struct reply *reply);
const char *reply_type(const struct reply *reply);

/* Forget all of it. */
void reply_reset(struct reply *reply);

#endif /* REPLY_H */
