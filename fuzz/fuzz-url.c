/* SPDX-License-Identifier: MIT */
/*
 * fuzz-url -- any bytes as an encoded text, as a query string, and, split at
 * the first line break, as a route pattern and a path.  What must hold: what
 * is encoded decodes to itself; the parts of a query put together are the
 * query; a pattern filled with its params is the path.
 */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_decode(struct span s, bool plus)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	char *out = xmalloc(s.len + 1);
	ptrdiff_t n = url_decode(s, plus, out), want = 0;

	for (size_t i = 0; i < s.len && want >= 0; i++, want++) {
		if (s.at[i] != '%') {
			if (n >= 0)
				assert(
				    out[want] ==
				    (plus && s.at[i] == '+' ? ' ' : s.at[i]));
			continue;
		}
		if (s.len - i < 3 || memchr(hex, s.at[i + 1], 22) == NULL ||
		    memchr(hex, s.at[i + 2], 22) == NULL) {
			want = -1;
			break;
		}
		i += 2;
	}
	assert(n == want);
	if (n >= 0)
		assert(out[n] == '\0');
	free(out);
}

/* Encode every byte as %XX; the decoder must give the bytes back. */
static void
check_round_trip(struct span s, bool plus)
{
	static const char hex[] = "0123456789aBcDeF";
	struct span encoded = {NULL, 3 * s.len};
	char *text = xmalloc(encoded.len), *out = xmalloc(encoded.len + 1);

	for (size_t i = 0; i < s.len; i++) {
		text[3 * i] = '%';
		text[3 * i + 1] = hex[(unsigned char)s.at[i] >> 4];
		text[3 * i + 2] = hex[(unsigned char)s.at[i] & 15];
	}
	encoded.at = text;
	assert(url_decode(encoded, plus, out) == (ptrdiff_t)s.len);
	if (plus)
		assert(url_is(encoded, out) == (strlen(out) == s.len));
	assert(s.len == 0 || memcmp(out, s.at, s.len) == 0);
	free(text);
	free(out);
}

/* Each byte of the query is '&', the first '=' of a part, or in a result. */
static void
check_query(struct span query)
{
	struct span rest = query, name, value;
	const char *at = query.at, *end = query.at + query.len;

	while (url_next(&rest, &name, &value)) {
		while (at < name.at)
			assert(*at++ == '&');
		assert(name.at == at);
		assert(name.len == 0 || memchr(name.at, '=', name.len) == NULL);
		assert(name.len == 0 || memchr(name.at, '&', name.len) == NULL);
		at += name.len;
		if (at < end && *at == '=')
			at++;
		assert(value.at == at);
		assert(
		    value.len == 0 || memchr(value.at, '&', value.len) == NULL);
		at += value.len;
		assert(at == end || *at == '&');
	}
	while (at < end)
		assert(*at++ == '&');
	assert(rest.len == 0 && rest.at == end);
}

static void
check_match(const char *pattern, struct span path)
{
	struct span params[URL_PARAMS_MAX];
	int n = url_match(pattern, path, params), used = 0;
	const char *at = path.at;

	assert(n >= -1 && n <= URL_PARAMS_MAX);
	if (n < 0)
		return;
	for (const char *p = pattern; *p != '\0';) {
		if (*p == ':' && p > pattern && p[-1] == '/') {
			assert(used < n && params[used].len > 0);
			assert(params[used].at == at);
			assert(memchr(at, '/', params[used].len) == NULL);
			at += params[used++].len;
			p += strcspn(p, "/");
		} else {
			assert(at < path.at + path.len && *at == *p);
			at++;
			p++;
		}
	}
	assert(used == n && at == path.at + path.len);
}

/* A path begins with '/', has no "//", no "." and no "..", and is its own path
 * when what needs it is encoded again. */
static void
check_path(struct span target)
{
	char *out = xmalloc(target.len + 2), *again, *text, *at;
	ptrdiff_t len = url_path(target, out);

	if (len >= 0) {
		assert(strlen(out) == (size_t)len && out[0] == '/');
		assert(strstr(out, "//") == NULL);
		text = at = xmalloc(3 * (size_t)len + 1);
		for (const char *s = out; *s != '\0'; s++) {
			assert(*s != '/' || (strncmp(s, "/./", 3) != 0 &&
			                        strncmp(s, "/../", 4) != 0));
			if (strchr("%?#", *s) != NULL)
				at += snprintf(
				    at, 4, "%%%02x", (unsigned char)*s);
			else
				*at++ = *s;
		}
		*at = '\0';
		again = xmalloc((size_t)(at - text) + 2);
		assert(url_path((struct span){text, (size_t)(at - text)},
		           again) == len &&
		       strcmp(again, out) == 0);
		free(again);
		free(text);
	}
	free(out);
}

/* A pattern as its own path: a ":name" is text for a ":name". */
static void
check_self_match(const char *pattern)
{
	struct span params[URL_PARAMS_MAX];
	struct span path = {pattern, strlen(pattern)};
	int names = 0, n = url_match(pattern, path, params);

	for (const char *p = pattern; *p != '\0'; p++)
		names += *p == ':' && p > pattern && p[-1] == '/';
	assert(n == (names <= URL_PARAMS_MAX ? names : -1));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span s = {(const char *)data, len};
	const char *line;
	char *pattern;
	size_t n;

	check_decode(s, false);
	check_decode(s, true);
	check_round_trip(s, true);
	check_query(s);
	check_path(s);

	line = len > 0 ? memchr(s.at, '\n', len) : NULL;
	n = line != NULL ? (size_t)(line - s.at) : len;
	pattern = xmalloc(n + 1);
	if (n > 0)
		memcpy(pattern, s.at, n);
	pattern[n] = '\0';
	if (line != NULL)
		check_match(pattern, (struct span){line + 1, len - n - 1});
	check_self_match(pattern);
	free(pattern);
	return 0;
}
