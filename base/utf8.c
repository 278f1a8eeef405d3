/* SPDX-License-Identifier: MIT */
/*
 * utf8 -- length, trimming, what cannot be seen, and the normal form of text
 * from outside.
 *
 * utf8proc_iterate() is the decoder: it refuses overlong forms, surrogates and
 * everything above U+10FFFF.  It lets U+0000 pass, so that is asked here.
 */
#include "utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum {
	CHARACTER_MAX_BYTES = 4, /* RFC 3629 */
	NEXT_LINE = 0x85,        /* U+0085, white and a control character */
	/* The first byte of U+0300, the first character that is a combining
	 * mark or has another normal form (DerivedNormalizationProps.txt,
	 * NFC_Quick_Check of Unicode 15.0). */
	NORMAL_END = 0xcc,
};

struct range {
	int32_t first, last;
};

/*
 * Drawn as nothing, though neither a format character nor "ignorable" to
 * utf8proc 2.8: what Default_Ignorable_Code_Point reserves for later
 * (DerivedCoreProperties.txt of Unicode 15.0), and three characters whose
 * glyphs in the code charts are empty.
 */
static const struct range no_ink[] = {
    {0x2065, 0x2065},   /* reserved */
    {0x2800, 0x2800},   /* BRAILLE PATTERN BLANK */
    {0xfff0, 0xfff8},   /* reserved */
    {0x16fe4, 0x16fe4}, /* KHITAN SMALL SCRIPT FILLER */
    {0x1d159, 0x1d159}, /* MUSICAL SYMBOL NULL NOTEHEAD */
    {0xe0000, 0xe0fff}, /* tags, variation selectors, reserved */
};

/* Format characters that are drawn: Prepended_Concatenation_Mark in
 * PropList.txt of Unicode 15.0. */
static const struct range ink[] = {
    {0x600, 0x605},
    {0x6dd, 0x6dd},
    {0x70f, 0x70f},
    {0x890, 0x891},
    {0x8e2, 0x8e2},
    {0x110bd, 0x110bd},
    {0x110cd, 0x110cd},
};

static bool
within(const struct range *ranges, size_t n, int32_t c)
{
	for (size_t i = 0; i < n; i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	}
	return false;
}

/* The bytes of the first character, 1 to 4; 0 or less when it is not one. */
static ptrdiff_t
decode_first(const char *s, size_t len, utf8proc_int32_t *c)
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
		return decode_first(s + len - n, n, c) == (ptrdiff_t)n ? n : 0;
	}
	return 0;
}

ptrdiff_t
utf8_length(const char *s, size_t len)
{
	utf8proc_int32_t c;
	ptrdiff_t characters = 0;

	for (size_t at = 0; at < len; characters++) {
		ptrdiff_t n = decode_first(s + at, len - at, &c);

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
		ptrdiff_t n = decode_first(s, *len, &c);

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

/* UAX #9, table 4: what re-orders more than its neighbours. */
static bool
is_reordering(int32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool
utf8_is_control(int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return is_reordering(c);
	}
}

bool
utf8_has_control(const char *s, size_t len)
{
	struct span rest = {s, len};
	int32_t c;

	while (utf8_next(&rest, &c)) {
		if (utf8_is_control(c))
			return true;
	}
	return rest.len > 0;
}

bool
utf8_is_mark(int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return true;
	default:
		return false;
	}
}

bool
utf8_next(struct span *rest, int32_t *c)
{
	ptrdiff_t n;

	if (rest->len == 0)
		return false;
	n = decode_first(rest->at, rest->len, c);
	if (n <= 0)
		return false;
	rest->at += n;
	rest->len -= (size_t)n;
	return true;
}

bool
utf8_is_invisible(int32_t c)
{
	const utf8proc_property_t *is = utf8proc_get_property(c);

	if (is->ignorable || is_white(c) || within(no_ink, LENGTH(no_ink), c))
		return true;
	return is->category == UTF8PROC_CATEGORY_CC ||
	       (is->category == UTF8PROC_CATEGORY_CF &&
	           !within(ink, LENGTH(ink), c));
}

bool
utf8_is_blank(const char *s, size_t len)
{
	struct span rest = {s, len};
	int32_t c;

	while (utf8_next(&rest, &c)) {
		if (!utf8_is_invisible(c))
			return false;
	}
	return rest.len == 0;
}

static bool
is_normal(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)s[i] >= NORMAL_END)
			return false;
	}
	return true;
}

/* As utf8_nfc(), without the NUL. */
static ptrdiff_t
compose(const char *s, size_t len, char *out, size_t size)
{
	utf8proc_uint8_t *normal = NULL;
	const void *from = s;
	size_t n = len;

	if (!is_normal(s, len)) {
		utf8proc_ssize_t made = utf8proc_map(
		    (const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len, &normal,
		    UTF8PROC_STABLE | UTF8PROC_COMPOSE);

		if (made < 0) {
			errno = made == UTF8PROC_ERROR_INVALIDUTF8 ? EILSEQ
			                                           : ENOMEM;
			return -1;
		}
		from = normal;
		n = (size_t)made;
	}
	if (n <= size && n > 0)
		memcpy(out, from, n);
	free(normal);
	if (n > size) {
		errno = ERANGE;
		return -1;
	}
	return (ptrdiff_t)n;
}

/*
 * utf8proc 2.8 takes U+11A7, a vowel, for the first of the Hangul finals, which
 * begin after it, and swallows it after a syllable.  It combines with nothing
 * and nothing passes it by, so it is left out of what utf8proc gets to see.
 */
ptrdiff_t
utf8_nfc(const char *s, size_t len, char *out, size_t size)
{
	static const char apart[] = {'\xe1', '\x86', '\xa7'};
	size_t made = 0;

	if (size == 0) {
		errno = ERANGE;
		return -1;
	}
	size--; /* for the NUL */
	while (len > 0) {
		const char *stop = memmem(s, len, apart, sizeof(apart));
		size_t part = stop != NULL ? (size_t)(stop - s) : len;
		ptrdiff_t n = compose(s, part, out + made, size - made);

		if (n < 0)
			return -1;
		made += (size_t)n;
		if (stop != NULL) {
			if (size - made < sizeof(apart)) {
				errno = ERANGE;
				return -1;
			}
			memcpy(out + made, apart, sizeof(apart));
			made += sizeof(apart);
			part += sizeof(apart);
		}
		s += part;
		len -= part;
	}
	out[made] = '\0';
	return (ptrdiff_t)made;
}
