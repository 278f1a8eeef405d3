/* SPDX-License-Identifier: MIT */
/* test-decimal -- base/decimal: a table, every byte, and a grid of numbers. */
#include "decimal.h"

#include <inttypes.h>

#include "every_byte.h"

/* Bytes that may hold NUL. */
#define BYTES(literal) literal, sizeof(literal) - 1
#define NINES "999999999999999999" /* 18 */

static struct guard guard, out_guard;

static const struct {
	const char *bytes;
	size_t len;
	int scale;
	const char *want; /* NULL: refused */
} rows[] = {
    {BYTES("0"), 0, "0"}, {BYTES("7"), 0, "7"}, {BYTES("-7"), 0, "-7"},
    {BYTES("10"), 0, "10"}, {BYTES("1.5"), 1, "1.5"}, {BYTES("1.5"), 18, "1.5"},
    {BYTES("1.50"), 2, "1.50"}, {BYTES("-1.50"), 2, "-1.50"},
    {BYTES("0.05"), 2, "0.05"}, {BYTES("-0.05"), 2, "-0.05"},
    {BYTES("100.00"), 2, "100.00"},
    /* No "-0". */
    {BYTES("-0"), 0, "0"}, {BYTES("-0.0"), 1, "0.0"},
    {BYTES("-0.00"), 2, "0.00"}, {BYTES("-0.01"), 2, "-0.01"},
    {BYTES("-10.00"), 2, "-10.00"},
    /* The limits. */
    {BYTES(NINES), 0, NINES}, {BYTES("-" NINES), 0, "-" NINES},
    {BYTES("-" NINES "." NINES), 18, "-" NINES "." NINES},
    {BYTES("0.000000000000000001"), 18, "0.000000000000000001"},
    {BYTES("-0.000000000000000001"), 18, "-0.000000000000000001"},
    {BYTES("-0.000000000000000000"), 18, "0.000000000000000000"},
    {BYTES("1" NINES), 18, NULL}, {BYTES("1000000000000000000"), 0, NULL},
    {BYTES("-1000000000000000000"), 0, NULL},
    {BYTES("9223372036854775808"), 0, NULL}, {BYTES("0." NINES "9"), 18, NULL},
    {BYTES("0.0000000000000000000"), 18, NULL}, {BYTES("1.5"), 0, NULL},
    {BYTES("1.0"), 0, NULL}, {BYTES("1.50"), 1, NULL},
    {BYTES("1.501"), 2, NULL},
    /* Parts that are missing, or there twice. */
    {BYTES(""), 2, NULL}, {BYTES("-"), 2, NULL}, {BYTES("."), 2, NULL},
    {BYTES("-."), 2, NULL}, {BYTES(".5"), 2, NULL}, {BYTES("-.5"), 2, NULL},
    {BYTES("5."), 2, NULL}, {BYTES("5."), 0, NULL}, {BYTES("--1"), 2, NULL},
    {BYTES("1-"), 2, NULL}, {BYTES("1.-5"), 2, NULL}, {BYTES("1..5"), 2, NULL},
    {BYTES("1.2.3"), 2, NULL}, {BYTES("1-2"), 2, NULL},
    /* Zeros in front. */
    {BYTES("00"), 2, NULL}, {BYTES("01"), 2, NULL}, {BYTES("-01"), 2, NULL},
    {BYTES("-00"), 2, NULL}, {BYTES("00.5"), 2, NULL},
    /* What other readers of numbers take. */
    {BYTES("+1"), 2, NULL}, {BYTES("1e5"), 2, NULL}, {BYTES("1E5"), 2, NULL},
    {BYTES("1.5e1"), 2, NULL}, {BYTES("0x1"), 2, NULL}, {BYTES("1,5"), 2, NULL},
    {BYTES("1_0"), 2, NULL}, {BYTES("1'000"), 2, NULL}, {BYTES("NaN"), 2, NULL},
    {BYTES("Infinity"), 2, NULL}, {BYTES("-inf"), 2, NULL},
    {BYTES(" 1"), 2, NULL}, {BYTES("1 "), 2, NULL}, {BYTES("- 1"), 2, NULL},
    {BYTES("1\n"), 2, NULL}, {BYTES("1.5\n"), 2, NULL}, {BYTES("\0"), 2, NULL},
    {BYTES("1\0"), 2, NULL}, {BYTES("1.\0"), 2, NULL},
    {BYTES("1.5\0"), 2, NULL},
    {BYTES("\xd9\xa1"), 2, NULL},         /* ARABIC-INDIC DIGIT ONE */
    {BYTES("\xef\xbc\x91"), 2, NULL},     /* FULLWIDTH DIGIT ONE */
    {BYTES("\xe2\x88\x92\x31"), 2, NULL}, /* MINUS SIGN */
};

/* Into exactly the room that is asked for. */
static ptrdiff_t
read_decimal(struct span text, int scale, char *out)
{
	char room[DECIMAL_TEXT_BYTES], *written;

	memset(room, 'x', sizeof(room));
	written = guard_tail(&out_guard, room, sizeof(room));
	if (!decimal_read(text, scale, written))
		return -1;
	memcpy(out, written, strlen(written) + 1);
	return (ptrdiff_t)strlen(out);
}

static ptrdiff_t
read_scale_2(struct span text, char *out)
{
	return read_decimal(text, 2, out);
}

static void
test_rows(void)
{
	char out[EVERY_BYTE_ROOM];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		size_t len = rows[i].len;
		const char *at = guard_tail(&guard, rows[i].bytes, len);
		ptrdiff_t n =
		    read_decimal((struct span){at, len}, rows[i].scale, out);

		tap_is_text(n >= 0 ? out : NULL, rows[i].want, "row %zu: %s", i,
		    rows[i].want != NULL ? rows[i].want : "refused");
	}
	tap_is_int(read_decimal((struct span){NULL, 0}, 2, out), -1,
	    "NULL and 0 are no number");
}

static void
test_every_byte(void)
{
	/* '-' or 1 to 9; 1 to 9; a digit; '.' or a digit; a digit twice. */
	tap_is_int(every_byte(&guard, "-12.50", read_scale_2),
	    10 + 9 + 10 + 11 + 10 + 10, "each byte of -12.50");
	/* A digit or '-'; '.' or, behind a 0, nothing else; a digit. */
	tap_is_int(every_byte(&guard, "0.5", read_scale_2), 10 + 1 + 10,
	    "each byte of 0.5");
}

/* The decimal ends where the guard page begins. */
static int
compare(const char *decimal, int64_t n)
{
	int order = decimal_compare(
	    guard_tail(&guard, decimal, strlen(decimal) + 1), n);

	return order < 0 ? -1 : order > 0;
}

static void
test_compare(void)
{
	static const struct {
		const char *decimal;
		int64_t n;
		int want;
	} pairs[] = {
	    {"0", 0, 0},
	    {"0.00", 0, 0},
	    {"0.01", 0, 1},
	    {"-0.01", 0, -1},
	    {"-0.01", -1, 1},
	    {"0.99", 1, -1},
	    {"1.00", 1, 0},
	    {"1.01", 1, 1},
	    {"-1.00", -1, 0},
	    {"-1.01", -1, -1},
	    {"-0.99", -1, 1},
	    {"10", 9, 1},
	    {"-10", -9, -1},
	    {"-10", 9, -1},
	    {"10", -9, 1},
	    {"0.000000000000000001", 0, 1},
	    {"-0.000000000000000001", 0, -1},
	    {"0.000000000000000009", 0, 1},
	    {NINES, INT64_C(999999999999999999), 0},
	    {NINES "." NINES, INT64_C(999999999999999999), 1},
	    {NINES "." NINES, INT64_C(1000000000000000000), -1},
	    {"-" NINES "." NINES, INT64_C(-999999999999999999), -1},
	    {"-" NINES "." NINES, INT64_C(-1000000000000000000), 1},
	    {NINES, INT64_MAX, -1},
	    {"-" NINES, INT64_MIN, 1},
	    {"0", INT64_MAX, -1},
	    {"0", INT64_MIN, 1},
	};

	for (size_t i = 0; i < LENGTH(pairs); i++)
		tap_is_int(compare(pairs[i].decimal, pairs[i].n), pairs[i].want,
		    "%s and %" PRId64, pairs[i].decimal, pairs[i].n);
}

/* Hundredths from -3.00 to 3.00 with -4 to 4, as integers. */
static void
test_grid(void)
{
	char text[32], decimal[EVERY_BYTE_ROOM];
	int bad = 0;

	for (int hundredths = -300; hundredths <= 300; hundredths++) {
		int positive = hundredths < 0 ? -hundredths : hundredths;
		int len = snprintf(text, sizeof(text), "%s%d.%02d",
		    hundredths < 0 ? "-" : "", positive / 100, positive % 100);

		if (read_scale_2((struct span){text, (size_t)len}, decimal) < 0)
			bad++;
		for (int n = -4; n <= 4; n++) {
			int want =
			    (hundredths > 100 * n) - (hundredths < 100 * n);

			bad += compare(decimal, n) != want;
		}
	}
	tap_is_int(bad, 0, "601 decimals compare as their hundredths do");
}

int
main(void)
{
	guard = guard_new(64);
	out_guard = guard_new(DECIMAL_TEXT_BYTES);
	test_rows();
	test_every_byte();
	test_compare();
	test_grid();
	return tap_done();
}
