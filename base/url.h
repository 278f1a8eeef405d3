/* SPDX-License-Identifier: MIT */
/*
 * url -- percent-encoding and -decoding, query strings and route patterns.
 * Source: RFC 3986, section 2.1; the application/x-www-form-urlencoded part of
 * the WHATWG URL standard.  Pure: bytes in, bytes out, no allocation.
 */
#ifndef URL_H
#define URL_H

#include "base.h"

enum {
	URL_PARAMS_MAX = 8, /* :name segments in one route */
};

/*
 * Decode %XX in s into out, which has room for s.len + 1 bytes, and add a NUL.
 * plus: '+' is a space (query strings).  Returns the length, or -1 for a '%'
 * without two hexadecimal digits; out is then of no use.  The result may hold
 * NUL and bad UTF-8: utf8_length() asks for both.
 */
ptrdiff_t url_decode(struct span s, bool plus, char *out) MUST_CHECK;

/* Bytes that url_encode() writes at most, for a text of so many. */
#define URL_ENCODED_MAX(bytes) (3 * (bytes) + 1)

/* What needs no encoding anywhere in a URL: RFC 3986, section 2.3. */
#define URL_UNRESERVED                                                         \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"                 \
	"0123456789-._~"

/* Write text with %XX for each byte that is not in keep, and a NUL.  Returns
 * the length. */
size_t url_encode(const char *text, const char *keep, char *out);

/* Whether s, decoded with plus, is this text. */
bool url_is(struct span s, const char *text) MUST_CHECK;

/*
 * Step through "a=1&b=2".  rest starts as the whole query string and is moved
 * on; false at the end.  Name and value are still encoded; a name without '='
 * has an empty value, and what follows a second '=' belongs to the value;
 * empty parts ("&&") are passed over, but "=1" is a part with an empty name.
 * At the end name and value are left as they were.
 */
bool url_next(
    struct span *rest, struct span *name, struct span *value) MUST_CHECK;

/*
 * The path of a request target (RFC 9112, section 3.2) as nginx matches it:
 * without scheme and host ("http://host/a"), without query, decoded, runs of
 * '/' made one, "." and ".." resolved.  out has room for target.len + 2 bytes
 * and gets a NUL.  Returns the length, or -1 for what is no path: no '/' at
 * its start, a '%' without two digits, an encoded '/' or NUL, or ".." beyond
 * the root.
 */
ptrdiff_t url_path(struct span target, char *out) MUST_CHECK;

/*
 * Match a decoded path such as "/api/articles/a-b" against a pattern such as
 * "/api/articles/:slug".  params[0..] get the text of each :name in order; a
 * :name matches one segment that is not empty.  Everything else is compared
 * byte by byte, so "/a/" is not "/a".  Returns the number of params (0 to
 * URL_PARAMS_MAX), or -1 when the path does not match, as no path does for a
 * pattern with more; params are then of no use.
 */
int url_match(const char *pattern, struct span path,
    struct span params[URL_PARAMS_MAX]) MUST_CHECK;

/* Which param of a pattern has this name, from 0; -1 for none. */
int url_param(const char *pattern, const char *name) MUST_CHECK;

#endif /* URL_H */
