/* SPDX-License-Identifier: MIT */
/*
 * fuzz-decimal -- the first byte is the scale ('a' for 0), then a text up to a
 * line break, then a number to compare with.  What must hold: exactly what a
 * second reader accepts is accepted, and it is the text without the '-' of a
 * zero; it reads as itself; its order among whole numbers is that of its digits
 * and, where they fit a long double, that of strtold().
 */
#undef NDEBUG
#include <assert.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool
digits_only(const char *s, size_t len, size_t max)
{
	return len >= 1 && len <= max && strspn(s, "0123456789") >= len;
}

/* text ends in a NUL; scale is in bytes behind the point. */
static bool
second_reader(const char *text, size_t len, size_t scale)
{
	const char *point = strchr(text, '.');
	size_t whole;

	if (strlen(text) != len)
		return false;
	if (*text == '-') {
		text++;
		len--;
	}
	whole = point != NULL ? (size_t)(point - text) : len;
	if (point != NULL && point < text)
		return false;
	if (point != NULL &&
	    (scale == 0 || !digits_only(point + 1, len - whole - 1, scale)))
		return false;
	return digits_only(text, whole, DECIMAL_DIGITS_MAX) &&
	       (whole == 1 || text[0] != '0');
}

static int
sign(int order)
{
	return (order > 0) - (order < 0);
}

static void
check_order(const char *decimal, int64_t n)
{
	int64_t whole = strtoll(decimal, NULL, 10);
	bool negative = *decimal == '-', fraction;
	const char *point = strchr(decimal, '.');
	int order = sign(decimal_compare(decimal, n)), want;

	fraction = point != NULL && strspn(point + 1, "0") < strlen(point + 1);
	want = (whole > n) - (whole < n);
	if (want == 0 && fraction)
		want = negative ? -1 : 1;
	assert(order == want);
	if (n < INT64_MAX)
		assert(sign(decimal_compare(decimal, n + 1)) <= order);
	/* 18 digits and a difference of one in the last: 2^-64 is less. */
	if (LDBL_MANT_DIG >= 64 && strlen(decimal) <= 18) {
		long double value = strtold(decimal, NULL);

		assert(order ==
		       (value > (long double)n) - (value < (long double)n));
	}
}

/* text is s with a NUL behind it. */
static void
check_text(struct span s, const char *text, int scale, int64_t n)
{
	char out[DECIMAL_TEXT_BYTES], again[DECIMAL_TEXT_BYTES];
	bool fine = decimal_read(s, scale, out);
	int64_t whole;

	assert(fine == second_reader(text, s.len, (size_t)scale));
	if (!fine)
		return;
	if (*text == '-' && strspn(text, "-0.") == s.len)
		text++;
	assert(strcmp(out, text) == 0);
	assert(decimal_read((struct span){out, strlen(out)}, scale, again));
	assert(strcmp(out, again) == 0);
	whole = strtoll(out, NULL, 10);
	check_order(out, n);
	check_order(out, whole - 1);
	check_order(out, whole);
	check_order(out, whole + 1);
	check_order(out, INT64_MIN);
	check_order(out, INT64_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const uint8_t *line;
	size_t text_len;
	char *copy;
	int64_t n;

	if (len == 0)
		return 0;
	copy = calloc(1, len);
	if (copy == NULL)
		return 0;
	memcpy(copy, data + 1, len - 1);
	line = memchr(data + 1, '\n', len - 1);
	text_len = line != NULL ? (size_t)(line - data) - 1 : len - 1;
	n = line != NULL ? strtoll(copy + text_len + 1, NULL, 10) : 0;
	copy[text_len] = '\0';
	check_text((struct span){(const char *)data + 1, text_len}, copy,
	    (data[0] - 'a' + 19 * 256) % (DECIMAL_SCALE_MAX + 1), n);
	free(copy);
	return 0;
}
