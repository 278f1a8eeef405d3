/* SPDX-License-Identifier: MIT */
/* url -- percent-decoding, query strings and route patterns: see url.h. */
#include "url.h"

#include <string.h>

/* 0 to 15, or -1.  Not isxdigit(), which asks the locale. */
static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

ptrdiff_t
url_decode(struct span s, bool plus, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == '+' && plus)
			c = ' ';
		if (c == '%') {
			int high = s.len - i > 2 ? hex_value(s.at[i + 1]) : -1;
			int low = s.len - i > 2 ? hex_value(s.at[i + 2]) : -1;

			if (high < 0 || low < 0)
				return -1;
			c = (char)(high * 16 + low);
			i += 2;
		}
		out[n++] = c;
	}
	out[n] = '\0';
	return (ptrdiff_t)n;
}

/* The part of s before the first c, or all of it. */
static struct span
before(struct span s, char c)
{
	const char *found = s.len > 0 ? memchr(s.at, c, s.len) : NULL;

	if (found != NULL)
		s.len = (size_t)(found - s.at);
	return s;
}

/* s without its first n bytes, and without the one that ended them. */
static struct span
after(struct span s, size_t n)
{
	if (n < s.len)
		n++;
	return (struct span){s.at + n, s.len - n};
}

bool
url_next(struct span *rest, struct span *name, struct span *value)
{
	while (rest->len > 0) {
		struct span part = before(*rest, '&');

		*rest = after(*rest, part.len);
		if (part.len == 0)
			continue;
		*name = before(part, '=');
		*value = after(part, name->len);
		return true;
	}
	return false;
}

int
url_match(
    const char *pattern, struct span path, struct span params[URL_PARAMS_MAX])
{
	size_t at = 0;
	int n = 0;

	for (const char *p = pattern; *p != '\0';) {
		struct span segment;

		if (*p != ':' || p == pattern || p[-1] != '/') {
			if (at == path.len || path.at[at] != *p)
				return -1;
			at++;
			p++;
			continue;
		}
		segment.at = path.at + at;
		segment.len = path.len - at;
		segment = before(segment, '/');
		if (segment.len == 0 || n == URL_PARAMS_MAX)
			return -1;
		params[n++] = segment;
		at += segment.len;
		p += strcspn(p, "/");
	}
	return at == path.len ? n : -1;
}
