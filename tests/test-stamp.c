/* SPDX-License-Identifier: MIT */
/* test-stamp -- common/stamp: every day of 9999 years, and the clocks. */
#include "stamp.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tap.h"

#define S INT64_C(1000000)
#define FIRST_US (INT64_C(-62135596800) * S)
#define END_US (INT64_C(253402300800) * S)
#define DAY_US (86400 * S)

static void
test_rows(void)
{
	static const struct {
		int64_t us;
		const char *want; /* NULL: refused */
	} rows[] = {
	    {0, "1970-01-01T00:00:00.000000Z"},
	    {1, "1970-01-01T00:00:00.000001Z"},
	    {-1, "1969-12-31T23:59:59.999999Z"},
	    {1795423293123456, "2026-11-23T08:41:33.123456Z"},
	    {951782400 * S, "2000-02-29T00:00:00.000000Z"},
	    {-2203891200 * S, "1900-03-01T00:00:00.000000Z"},
	    {-2203891201 * S, "1900-02-28T23:59:59.000000Z"},
	    {FIRST_US, "0001-01-01T00:00:00.000000Z"},
	    {END_US - 1, "9999-12-31T23:59:59.999999Z"},
	    {FIRST_US - 1, NULL},
	    {END_US, NULL},
	    {INT64_MIN, NULL}, /* PostgreSQL's infinities */
	    {INT64_MAX, NULL},
	};
	char out[STAMP_TEXT_BYTES];

	for (size_t i = 0; i < LENGTH(rows); i++)
		tap_is_text(stamp_text(rows[i].us, out) ? out : NULL,
		    rows[i].want, "%lld", (long long)rows[i].us);
}

/* What the C library makes of the same time. */
static void
by_library(int64_t us, char out[64])
{
	int64_t fraction = (us % S + S) % S;
	time_t second = (time_t)((us - fraction) / S);
	struct tm tm;

	gmtime_r(&second, &tm);
	snprintf(out, 64, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec, (int)fraction);
}

/* Each day at another time of day. */
static void
test_every_day(void)
{
	char out[STAMP_TEXT_BYTES], want[64];
	int64_t days = 0, bad = 0;

	for (int64_t us = FIRST_US; us < END_US;
	     us += DAY_US + 17 * S + 12345) {
		by_library(us, want);
		if (!stamp_text(us, out) || strcmp(out, want) != 0)
			bad++;
		days++;
	}
	tap_is_int(
	    bad, 0, "%lld days are those of the C library", (long long)days);
}

/* Seconds since 1970 of an RFC 3339 text. */
static int64_t
seconds_of(const char *text)
{
	struct tm tm = {0};

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon,
	        &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return INT64_MIN;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return timegm(&tm);
}

static void
test_clocks(void)
{
	char out[STAMP_TEXT_BYTES];
	int64_t before = stamp_unix_s(), ms = stamp_unix_ms();
	int64_t ns = stamp_monotonic_ns();

	stamp_now(out);
	tap_is_int((int64_t)strlen(out), STAMP_TEXT_BYTES - 1,
	    "now has its length: %s", out);
	tap_ok(out[19] == '.' && out[26] == 'Z', "and its form");
	tap_ok(seconds_of(out) >= before && seconds_of(out) <= stamp_unix_s(),
	    "and is now");
	tap_ok(ms / 1000 >= before && ms / 1000 <= stamp_unix_s(),
	    "milliseconds agree with seconds");
	tap_ok(stamp_monotonic_ns() >= ns && ns > 0,
	    "the monotonic clock does not go back");
}

int
main(void)
{
	test_rows();
	test_every_day();
	test_clocks();
	return tap_done();
}
