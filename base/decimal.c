/* SPDX-License-Identifier: MIT */
/* decimal -- exact numbers as text: see decimal.h. */
#include "decimal.h"

#include <string.h>

/* How many digits stand at the start of it. */
static size_t
digits_at(struct span s)
{
	size_t n = 0;

	while (n < s.len && s.at[n] >= '0' && s.at[n] <= '9')
		n++;
	return n;
}

static struct span
skip(struct span s, size_t n)
{
	return (struct span){s.at + n, s.len - n};
}

bool
decimal_read(struct span text, int scale, char out[DECIMAL_TEXT_BYTES])
{
	struct span whole = text, part;
	bool negative, zero;
	size_t n, more = 0;
	char *at = out;

	negative = whole.len > 0 && whole.at[0] == '-';
	if (negative)
		whole = skip(whole, 1);
	n = digits_at(whole);
	if (n == 0 || n > DECIMAL_DIGITS_MAX || (n > 1 && whole.at[0] == '0'))
		return false;
	part = skip(whole, n);
	if (part.len > 0) {
		if (part.at[0] != '.')
			return false;
		part = skip(part, 1);
		more = digits_at(part);
		if (more == 0 || more != part.len || more > (size_t)scale)
			return false;
	}
	zero = whole.at[0] == '0';
	for (size_t i = 0; i < more; i++)
		zero = zero && part.at[i] == '0';
	if (negative && !zero)
		*at++ = '-';
	memcpy(at, whole.at, n);
	at += n;
	if (more > 0) {
		*at++ = '.';
		memcpy(at, part.at, more);
		at += more;
	}
	*at = '\0';
	return true;
}

int
decimal_compare(const char *decimal, int64_t n)
{
	bool negative = *decimal == '-', fraction = false;
	int64_t whole = 0;

	for (decimal += negative; *decimal != '\0' && *decimal != '.';
	     decimal++)
		whole = whole * 10 + (*decimal - '0');
	for (; *decimal != '\0'; decimal++)
		fraction = fraction || (*decimal >= '1' && *decimal <= '9');
	if (negative)
		whole = -whole;
	if (whole != n)
		return whole < n ? -1 : 1;
	if (!fraction)
		return 0;
	return negative ? -1 : 1;
}
