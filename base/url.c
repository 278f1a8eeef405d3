/* SPDX-License-Identifier: MIT */
/* url -- percent-decoding, query strings and route patterns: see url.h. */
#include "url.h"

#include <string.h>
#include <strings.h>

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

/* The first byte of s, which is not empty, decoded, and taken off; -1 for a '%'
 * without two digits. */
static int
next_byte(struct span *s, bool plus)
{
	int c = (unsigned char)s->at[0], high, low;
	size_t n = 1;

	if (c == '+' && plus)
		c = ' ';
	if (c == '%') {
		high = s->len > 2 ? hex_value(s->at[1]) : -1;
		low = s->len > 2 ? hex_value(s->at[2]) : -1;
		if (high < 0 || low < 0)
			return -1;
		c = high * 16 + low;
		n = 3;
	}
	s->at += n;
	s->len -= n;
	return c;
}

ptrdiff_t
url_decode(struct span s, bool plus, char *out)
{
	size_t n = 0;
	int c;

	while (s.len > 0) {
		c = next_byte(&s, plus);
		if (c < 0)
			return -1;
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return (ptrdiff_t)n;
}

size_t
url_encode(const char *text, const char *keep, char *out)
{
	static const char digits[] = "0123456789ABCDEF";
	char *at = out;

	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		if (strchr(keep, *text) != NULL) {
			*at++ = *text;
			continue;
		}
		*at++ = '%';
		*at++ = digits[byte >> 4];
		*at++ = digits[byte & 15];
	}
	*at = '\0';
	return (size_t)(at - out);
}

bool
url_is(struct span s, const char *text)
{
	for (; s.len > 0 && *text != '\0'; text++)
		if (next_byte(&s, true) != (unsigned char)*text)
			return false;
	return s.len == 0 && *text == '\0';
}

/* The part of s before the first c, or all of it. */
static struct span
span_before(struct span s, char c)
{
	const char *found = s.len > 0 ? memchr(s.at, c, s.len) : NULL;

	if (found != NULL)
		s.len = (size_t)(found - s.at);
	return s;
}

/* s without its first n bytes, and without the one that ended them. */
static struct span
span_after(struct span s, size_t n)
{
	if (n < s.len)
		n++;
	return (struct span){s.at + n, s.len - n};
}

bool
url_next(struct span *rest, struct span *name, struct span *value)
{
	while (rest->len > 0) {
		struct span part = span_before(*rest, '&');

		*rest = span_after(*rest, part.len);
		if (part.len == 0)
			continue;
		*name = span_before(part, '=');
		*value = span_after(part, name->len);
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
		segment = span_before(segment, '/');
		if (segment.len == 0 || n == URL_PARAMS_MAX)
			return -1;
		params[n++] = segment;
		at += segment.len;
		p += strcspn(p, "/");
	}
	return at == path.len ? n : -1;
}

int
url_param(const char *pattern, const char *name)
{
	size_t len = strlen(name);
	int n = 0;

	for (const char *p = pattern; *p != '\0'; p++) {
		if (p[0] != '/' || p[1] != ':')
			continue;
		if (strncmp(p + 2, name, len) == 0 &&
		    (p[2 + len] == '/' || p[2 + len] == '\0'))
			return n;
		n++;
	}
	return -1;
}

/* "/a" out of "http://host/a?b#c". */
static struct span
path_part(struct span target)
{
	static const char *const schemes[] = {"http://", "https://"};
	size_t len;

	for (size_t i = 0; i < LENGTH(schemes); i++) {
		len = strlen(schemes[i]);
		if (target.len < len ||
		    strncasecmp(target.at, schemes[i], len) != 0)
			continue;
		while (
		    len < target.len && strchr("/?#", target.at[len]) == NULL)
			len++;
		if (len == target.len || target.at[len] != '/')
			return (struct span){"/", 1};
		target.at += len;
		target.len -= len;
		break;
	}
	return span_before(span_before(target, '?'), '#');
}

static bool
is_dots(const char *segment, size_t len, size_t dots)
{
	return len == dots && memcmp(segment, "..", dots) == 0;
}

ptrdiff_t
url_path(struct span target, char *out)
{
	struct span rest = path_part(target), segment;
	ptrdiff_t len;
	size_t n = 0;

	if (rest.len == 0 || rest.at[0] != '/')
		return -1;
	while (rest.len > 0) {
		segment =
		    span_before((struct span){rest.at + 1, rest.len - 1}, '/');
		rest.at += 1 + segment.len;
		rest.len -= 1 + segment.len;
		out[n] = '/';
		len = url_decode(segment, false, out + n + 1);
		if (len < 0 || strlen(out + n + 1) != (size_t)len ||
		    strchr(out + n + 1, '/') != NULL)
			return -1;
		if (is_dots(out + n + 1, (size_t)len, 2)) {
			if (n == 0)
				return -1;
			while (out[--n] != '/')
				continue;
			len = 0;
		} else if (is_dots(out + n + 1, (size_t)len, 1)) {
			len = 0;
		}
		if (len > 0 || rest.len == 0)
			n += 1 + (size_t)len;
	}
	out[n] = '\0';
	return (ptrdiff_t)n;
}
