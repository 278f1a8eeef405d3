/* SPDX-License-Identifier: MIT */
/*
 * fuzz-web_url -- any bytes as a URL.  What must hold: exactly what a second
 * reader accepts is accepted, which cuts first and looks then; what is written
 * reads as itself, is visible ASCII that needs no quotes, fits the room that is
 * promised, and begins with scheme and host of the text in small letters; with
 * its %XX decoded the rest is that of the text.
 */
#undef NDEBUG
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "die.h"
#include "url.h"
#include "utf8.h"
#include "web_url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* One label, of s[0..len). */
static bool
is_label(const char *s, size_t len)
{
	return len >= 1 && len <= 63 && strspn(s, LETTERS DIGITS "_-") >= len &&
	       s[0] != '-' && s[len - 1] != '-';
}

static bool
is_host(const char *s, size_t len)
{
	const char *end = s + len, *dot;

	if (len > 2 && s[0] == '[')
		return len > 3 && s[len - 1] == ']' &&
		       strspn(s + 1, DIGITS "abcdefABCDEF:.") == len - 2;
	if (len == 0 || len > 253)
		return false;
	if (end[-1] == '.')
		end--;
	for (; (dot = memchr(s, '.', (size_t)(end - s))) != NULL; s = dot + 1)
		if (!is_label(s, (size_t)(dot - s)))
			return false;
	return is_label(s, (size_t)(end - s));
}

static bool
is_port(const char *s, size_t len)
{
	return len > 0 && strspn(s, DIGITS) >= len && strtod(s, NULL) <= 65535;
}

/* Where the host begins, or NULL for another scheme. */
static const char *
after_scheme(const char *text)
{
	if (strncasecmp(text, "http://", 7) == 0)
		return text + 7;
	return strncasecmp(text, "https://", 8) == 0 ? text + 8 : NULL;
}

/* text ends in a NUL. */
static bool
second_reader(const char *text, size_t len)
{
	const char *host = after_scheme(text), *rest, *port;

	if (strlen(text) != len || utf8_length(text, len) < 0 ||
	    utf8_has_control(text, len) || strchr(text, ' ') != NULL ||
	    host == NULL)
		return false;
	rest = host + strcspn(host, "/?#");
	for (port = rest; port > host && strchr(DIGITS, port[-1]) != NULL;)
		port--;
	if (port > host && port[-1] == ':' &&
	    (host[0] != '[' || (port > host + 1 && port[-2] == ']'))) {
		if (!is_port(port, (size_t)(rest - port)))
			return false;
		port--;
	} else {
		port = rest;
	}
	if (!is_host(host, (size_t)(port - host)))
		return false;
	for (; (rest = strchr(rest, '%')) != NULL; rest++)
		if (!isxdigit((unsigned char)rest[1]) ||
		    !isxdigit((unsigned char)rest[2]))
			return false;
	return true;
}

/* Path, query and fragment mean what they did. */
static void
check_rest(const char *text, const char *out)
{
	size_t text_len = strlen(text), out_len = strlen(out);
	char *decoded = xmalloc(text_len + 1);
	char *out_decoded = xmalloc(out_len + 1);
	ptrdiff_t n, out_n;
	bool path = true;
	char made[4];

	n = url_decode((struct span){text, text_len}, false, decoded);
	out_n = url_decode((struct span){out, out_len}, false, out_decoded);
	assert(n >= 0 && n == out_n);
	assert(memcmp(decoded, out_decoded, (size_t)n) == 0);
	/* Nothing is decoded, and nothing else is encoded than has to be. */
	for (; *text != '\0'; text++, out += strlen(made)) {
		unsigned char c = (unsigned char)*text;

		path = path && c != '?' && c != '#';
		snprintf(made, sizeof(made),
		    c > '~' || strchr("\"<>\\^`{|}", c) != NULL ||
		            (path && (c == '[' || c == ']'))
		        ? "%%%02X"
		        : "%c",
		    c);
		assert(strncmp(out, made, strlen(made)) == 0);
	}
	assert(*out == '\0');
	free(decoded);
	free(out_decoded);
}

static void
check_written(const char *text, const char *out, size_t n)
{
	const char *host = after_scheme(out);
	size_t before;
	char *again = xmalloc(WEB_URL_ROOM(n));

	assert(web_url_read((struct span){out, n}, again) == (ptrdiff_t)n);
	assert(strcmp(out, again) == 0);
	for (size_t i = 0; i < n; i++) {
		assert(out[i] > ' ' && out[i] < 0x7f);
		assert(strchr("\"<>\\^`{|}", out[i]) == NULL);
	}
	assert(host != NULL);
	before = (size_t)(host - out) + strcspn(host, "/?#");
	for (size_t i = 0; i < before; i++)
		assert(out[i] == tolower((unsigned char)text[i]));
	assert(memchr(out, '@', before) == NULL);
	assert(strcspn(out + before, "[]") >= strcspn(out + before, "?#"));
	check_rest(text + before, out + before);
	free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = xmalloc(len + 1), *out = xmalloc(WEB_URL_ROOM(len));
	ptrdiff_t n = web_url_read((struct span){(const char *)data, len}, out);

	if (len > 0)
		memcpy(text, data, len);
	text[len] = '\0';
	assert((n >= 0) == second_reader(text, len));
	if (n >= 0) {
		assert((size_t)n >= len && (size_t)n < WEB_URL_ROOM(len));
		assert(strlen(out) == (size_t)n);
		check_written(text, out, (size_t)n);
	}
	free(text);
	free(out);
	return 0;
}
