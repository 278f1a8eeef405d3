/* SPDX-License-Identifier: MIT */
/*
 * utf8 -- length, trimming and control characters of text from outside.
 *
 * utf8proc_iterate() is the decoder: it refuses overlong forms, surrogates and
 * everything above U+10FFFF.  It lets U+0000 pass, so that is asked here.
 */
#include "utf8.h"

#include <utf8proc.h>

enum {
	CHARACTER_MAX_BYTES = 4, /* RFC 3629 */
	NEXT_LINE = 0x85,        /* U+0085, white and a control character */
};

/* The bytes of the first character, 1 to 4; 0 or less when it is not one. */
static ptrdiff_t
decode(const char *s, size_t len, utf8proc_int32_t *c)
{
	return utf8proc_iterate(
	    (const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len, c);
}

/* Unicode's White_Space property: PropList.txt. */
static bool
is_white(utf8proc_int32_t c)
{
	if ((c >= '\t' && c <= '\r') || c == NEXT_LINE)
		return true;
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return false;
	}
}

/* The bytes of the last character; 0 when s does not end in a whole one. */
static size_t
decode_last(const char *s, size_t len, utf8proc_int32_t *c)
{
	for (size_t n = 1; n <= len && n <= CHARACTER_MAX_BYTES; n++) {
		if (((unsigned char)s[len - n] & 0xc0) == 0x80)
			continue; /* 10xxxxxx: inside a character */
		return decode(s + len - n, n, c) == (ptrdiff_t)n ? n : 0;
	}
	return 0;
}

ptrdiff_t
utf8_length(const char *s, size_t len)
{
	utf8proc_int32_t c;
	ptrdiff_t characters = 0;

	for (size_t at = 0; at < len; characters++) {
		ptrdiff_t n = decode(s + at, len - at, &c);

		if (n <= 0 || c == 0)
			return -1;
		at += (size_t)n;
	}
	return characters;
}

const char *
utf8_trim(const char *s, size_t *len)
{
	utf8proc_int32_t c;

	while (*len > 0) {
		ptrdiff_t n = decode(s, *len, &c);

		if (n <= 0 || !is_white(c))
			break;
		s += n;
		*len -= (size_t)n;
	}
	while (*len > 0) {
		size_t n = decode_last(s, *len, &c);

		if (n == 0 || !is_white(c))
			break;
		*len -= n;
	}
	return s;
}

bool
utf8_has_control(const char *s, size_t len)
{
	utf8proc_int32_t c;

	for (size_t at = 0; at < len;) {
		ptrdiff_t n = decode(s + at, len - at, &c);

		if (n <= 0 || utf8proc_category(c) == UTF8PROC_CATEGORY_CC)
			return true;
		at += (size_t)n;
	}
	return false;
}
