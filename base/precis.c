/* SPDX-License-Identifier: MIT */
/*
 * precis -- see precis.h.
 *
 * Text is mapped character by character into a copy, which is never longer, and
 * normalized into out; rules are asked of what comes out, because a forbidden
 * character can hide in another: U+FF0F becomes "/", U+037E becomes ";".
 */
#include "precis.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "utf8.h"

enum {
	FULLWIDTH_FIRST = 0xff01, /* to 0xff5e: ASCII from "!" to "~" */
	FULLWIDTH_TO_ASCII = 0xff01 - '!',
	WIDTH_FIRST = 0xff5f, /* what usual[] begins with */
	STYLE_FIRST = 0xfe0e, /* variation selectors 15 and 16: */
	STYLE_LAST = 0xfe0f,  /* text and emoji */
	ZERO_WIDTH_NON_JOINER = 0x200c,
	ZERO_WIDTH_JOINER = 0x200d,
	VIRAMA = 9, /* its Canonical_Combining_Class: UAX #44, table 15 */
};

const char precis_no_memory[] = "can't be read: memory is out";

/* The <wide> and <narrow> decompositions of U+FF5F to U+FFEE in UnicodeData.txt
 * of Unicode 15.0; 0 for a character that has none.  utf8proc decomposes to the
 * very end only, and U+FFE3 is U+00AF, not a space and U+0304. */
static const uint16_t usual[] = {
    /* clang-format off */
    0x2985, 0x2986, 0x3002, 0x300c, 0x300d, 0x3001, 0x30fb, 0x30f2,
    0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9, 0x30e3, 0x30e5, 0x30e7,
    0x30c3, 0x30fc, 0x30a2, 0x30a4, 0x30a6, 0x30a8, 0x30aa, 0x30ab,
    0x30ad, 0x30af, 0x30b1, 0x30b3, 0x30b5, 0x30b7, 0x30b9, 0x30bb,
    0x30bd, 0x30bf, 0x30c1, 0x30c4, 0x30c6, 0x30c8, 0x30ca, 0x30cb,
    0x30cc, 0x30cd, 0x30ce, 0x30cf, 0x30d2, 0x30d5, 0x30d8, 0x30db,
    0x30de, 0x30df, 0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6, 0x30e8,
    0x30e9, 0x30ea, 0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3, 0x3099,
    0x309a, 0x3164, 0x3131, 0x3132, 0x3133, 0x3134, 0x3135, 0x3136,
    0x3137, 0x3138, 0x3139, 0x313a, 0x313b, 0x313c, 0x313d, 0x313e,
    0x313f, 0x3140, 0x3141, 0x3142, 0x3143, 0x3144, 0x3145, 0x3146,
    0x3147, 0x3148, 0x3149, 0x314a, 0x314b, 0x314c, 0x314d, 0x314e,
    0, 0, 0, 0x314f, 0x3150, 0x3151, 0x3152, 0x3153,
    0x3154, 0, 0, 0x3155, 0x3156, 0x3157, 0x3158, 0x3159,
    0x315a, 0, 0, 0x315b, 0x315c, 0x315d, 0x315e, 0x315f,
    0x3160, 0, 0, 0x3161, 0x3162, 0x3163, 0, 0,
    0, 0x00a2, 0x00a3, 0x00ac, 0x00af, 0x00a6, 0x00a5, 0x20a9,
    0, 0x2502, 0x2190, 0x2191, 0x2192, 0x2193, 0x25a0, 0x25cb,
    /* clang-format on */
};

/* U+3000, the one other wide form, is a space already. */
static int32_t
usual_width(int32_t c)
{
	if (c >= FULLWIDTH_FIRST && c < WIDTH_FIRST)
		return c - FULLWIDTH_TO_ASCII;
	if (c >= WIDTH_FIRST && c < WIDTH_FIRST + (int32_t)LENGTH(usual) &&
	    usual[c - WIDTH_FIRST] != 0)
		return usual[c - WIDTH_FIRST];
	return c;
}

static bool
is_space(int32_t c)
{
	return utf8proc_category(c) == UTF8PROC_CATEGORY_ZS;
}

static size_t
put_code_point(char *out, int32_t c)
{
	return (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)out);
}

/* A space is written only between two other characters: none is at the ends,
 * and no two are beside each other, also where something was dropped. */
static size_t
map_name(struct span text, char *out)
{
	bool space = false;
	size_t len = 0;
	int32_t c;

	text.at = utf8_trim(text.at, &text.len);
	while (utf8_next(&text, &c)) {
		if (c >= STYLE_FIRST && c <= STYLE_LAST)
			continue;
		if (is_space(c)) {
			space = len > 0;
			continue;
		}
		if (space)
			out[len++] = ' ';
		space = false;
		len += put_code_point(out + len, usual_width(c));
	}
	return len;
}

static size_t
map_password(struct span text, char *out)
{
	size_t len = 0;
	int32_t c;

	while (utf8_next(&text, &c))
		len += put_code_point(out + len, is_space(c) ? ' ' : c);
	return len;
}

/* Both begin alike: text that is worth a look, mapped, in NFC. */
static const char *
prepare(struct span text, size_t (*map)(struct span text, char *out), char *out,
    size_t size)
{
	const char *fault = NULL;
	char *mapped;

	if (utf8_length(text.at, text.len) < 0)
		return "is not valid UTF-8 text without NUL";
	if (utf8_is_blank(text.at, text.len))
		return "can't be blank";
	mapped = malloc(text.len); /* not 0: that is blank */
	if (mapped == NULL)
		return precis_no_memory;
	if (utf8_nfc(mapped, map(text, mapped), out, size) < 0)
		fault = errno == ERANGE ? "is too long" : precis_no_memory;
	free(mapped);
	return fault;
}

/* RFC 5892, A.1 and A.2: behind a virama a joiner changes what is drawn. */
static bool
is_fine_joiner(int32_t c, int32_t before)
{
	return (c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER) &&
	       utf8proc_get_property(before)->combining_class == VIRAMA;
}

/* What is wrong with a character of a name that stands behind another; before
 * is 0 for the first. */
static const char *
name_fault(int32_t c, int32_t before)
{
	if (utf8_is_control(c))
		return "can't contain control characters";
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CF:
		return is_fine_joiner(c, before)
		           ? NULL
		           : "can't contain invisible characters";
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CO:
		return "can't contain private or unassigned characters";
	default:
		break;
	}
	if (c != ' ' && utf8_is_invisible(c))
		return "can't contain invisible characters";
	if (before == 0 && utf8_is_mark(c))
		return "can't begin with a combining mark";
	if (c < 0x80 && strchr("/\\;?#%", c) != NULL)
		return "can't contain / \\ ; ? # or %";
	return NULL;
}

const char *
precis_name(struct span text, char *out, size_t size)
{
	const char *fault = prepare(text, map_name, out, size);
	int32_t c, before = 0;
	struct span rest;

	if (fault != NULL)
		return fault;
	rest = (struct span){out, strlen(out)};
	while (utf8_next(&rest, &c)) {
		fault = name_fault(c, before);
		if (fault != NULL)
			return fault;
		before = c;
	}
	if (strcmp(out, ".") == 0 || strcmp(out, "..") == 0)
		return "can't be . or ..";
	return NULL;
}

const char *
precis_password(struct span text, char *out, size_t size)
{
	const char *fault = prepare(text, map_password, out, size);

	if (fault == NULL && utf8_has_control(out, strlen(out)))
		fault = "can't contain control characters";
	return fault;
}
