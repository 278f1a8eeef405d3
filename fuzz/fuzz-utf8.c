/* SPDX-License-Identifier: MIT */
/*
 * fuzz-utf8 -- any bytes through utf8 and slug.  What must hold: lengths agree
 * with a second decoder, written from the table in RFC 3629, section 4; what
 * is trimmed is in the text and trims to itself; the normal form fits the room
 * that is promised, is its own, and that of the decomposed text; a slug keeps
 * its promises.
 */
#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "die.h"
#include "slug.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool
within(uint8_t c, uint8_t low, uint8_t high)
{
	return c >= low && c <= high;
}

/* Bytes of the character at p, 0 when there is none. */
static size_t
character(const uint8_t *p, size_t len)
{
	uint8_t low = 0x80, high = 0xbf;
	size_t n;

	if (within(p[0], 0x01, 0x7f))
		return 1;
	if (within(p[0], 0xc2, 0xdf))
		n = 2;
	else if (within(p[0], 0xe0, 0xef))
		n = 3;
	else if (within(p[0], 0xf0, 0xf4))
		n = 4;
	else
		return 0;
	if (p[0] == 0xe0)
		low = 0xa0;
	if (p[0] == 0xed)
		high = 0x9f;
	if (p[0] == 0xf0)
		low = 0x90;
	if (p[0] == 0xf4)
		high = 0x8f;
	if (n > len || !within(p[1], low, high))
		return 0;
	for (size_t i = 2; i < n; i++) {
		if (!within(p[i], 0x80, 0xbf))
			return 0;
	}
	return n;
}

static ptrdiff_t
length(const uint8_t *p, size_t len)
{
	ptrdiff_t characters = 0;

	for (size_t at = 0; at < len; characters++) {
		size_t n = character(p + at, len - at);

		if (n == 0)
			return -1;
		at += n;
	}
	return characters;
}

/* Only for text that is UTF-8. */
static bool
has_control(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (p[i] < 0x20 || p[i] == 0x7f)
			return true;
		if (p[i] == 0xc2 && within(p[i + 1], 0x80, 0x9f))
			return true;
		if (p[i] == 0xe2 && p[i + 1] == 0x80 &&
		    within(p[i + 2], 0xa8, 0xae))
			return true;
		if (p[i] == 0xe2 && p[i + 1] == 0x81 &&
		    within(p[i + 2], 0xa6, 0xa9))
			return true;
	}
	return false;
}

/* In memory of exactly the room promised, so that a sanitizer sees more. */
static char *
normal(const char *s, size_t len)
{
	char *out = xmalloc(UTF8_NFC_ROOM(len));
	ptrdiff_t n = utf8_nfc(s, len, out, UTF8_NFC_ROOM(len));

	assert(n >= 0 && out[n] == '\0');
	assert(len == 0 || utf8_length(out, (size_t)n) > 0);
	return out;
}

/* s is UTF-8. */
static void
check_normal(const char *s, size_t len)
{
	char *once = normal(s, len), *twice = normal(once, strlen(once));
	char *exact = xmalloc(strlen(once) + 1), *other;
	utf8proc_uint8_t *apart;
	utf8proc_ssize_t n =
	    utf8proc_map((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len,
	        &apart, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);

	assert(strcmp(once, twice) == 0);
	assert(utf8_is_blank(s, len) == utf8_is_blank(once, strlen(once)));
	assert(utf8_nfc(s, len, exact, strlen(once)) == -1);
	assert(utf8_nfc(s, len, exact, strlen(once) + 1) >= 0);
	assert(n >= 0);
	other = normal((const char *)apart, (size_t)n);
	assert(strcmp(once, other) == 0);
	free(apart);
	free(exact);
	free(once);
	free(twice);
	free(other);
}

static void
check_slug(const char *title)
{
	char out[SLUG_MAX_BYTES + 1], again[SLUG_MAX_BYTES + 1];
	size_t len;

	memset(out, 'x', sizeof(out));
	slug_from_title(title, out);
	assert(memchr(out, '\0', sizeof(out)) != NULL);
	len = strlen(out);
	assert(utf8_length(out, len) >= 0);
	assert(!utf8_has_control(out, len));
	assert(len == 0 || (out[0] != '-' && out[len - 1] != '-'));
	assert(strstr(out, "--") == NULL);
	for (size_t i = 0; i < len; i++)
		assert((out[i] & 0x80) != 0 || out[i] == '-' ||
		       (out[i] >= 'a' && out[i] <= 'z') ||
		       (out[i] >= '0' && out[i] <= '9'));
	slug_from_title(out, again);
	assert(strcmp(out, again) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data, *trimmed, *again;
	ptrdiff_t characters = utf8_length(s, len);
	size_t trimmed_len = len, again_len;
	char *title;

	assert(characters == length(data, len));
	trimmed = utf8_trim(s, &trimmed_len);
	assert(trimmed >= s && trimmed_len <= len);
	assert((size_t)(trimmed - s) + trimmed_len <= len);
	again_len = trimmed_len;
	again = utf8_trim(trimmed, &again_len);
	assert(again == trimmed && again_len == trimmed_len);
	if (characters >= 0) {
		assert(utf8_length(trimmed, trimmed_len) >= 0);
		assert(utf8_has_control(s, len) == has_control(data, len));
		assert(trimmed_len > 0 || utf8_is_blank(s, len));
		check_normal(s, len);
	} else if (memchr(s, '\0', len) == NULL) {
		assert(utf8_has_control(s, len));
		assert(!utf8_is_blank(s, len));
	}
	title = xmalloc(len + 1);
	if (len > 0)
		memcpy(title, s, len);
	title[len] = '\0';
	check_slug(title);
	free(title);
	return 0;
}
