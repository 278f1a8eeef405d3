/* SPDX-License-Identifier: MIT */
/* test-stamp -- base/stamp: every day of 9999 years, written and read, what is
 * refused, and the clocks. */
#include "stamp.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "every_byte.h"

#define S INT64_C(1000000)
#define FIRST_US (INT64_C(-62135596800) * S)
#define END_US (INT64_C(253402300800) * S)
#define DAY_US (86400 * S)

/* Bytes that may hold NUL. */
#define BYTES(literal) literal, sizeof(literal) - 1

static struct guard guard;

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
	int64_t days = 0, bad = 0, unread = 0, again;

	for (int64_t us = FIRST_US; us < END_US;
	     us += DAY_US + 17 * S + 12345) {
		by_library(us, want);
		if (!stamp_text(us, out) || strcmp(out, want) != 0)
			bad++;
		if (!stamp_read(
		        (struct span){out, STAMP_TEXT_BYTES - 1}, &again) ||
		    again != us)
			unread++;
		days++;
	}
	tap_is_int(
	    bad, 0, "%lld days are those of the C library", (long long)days);
	tap_is_int(unread, 0, "and read as what they were written from");
}

/* Every year, month and day of two digits or nearly: as many as there are, and
 * each begins a day behind the one before. */
static void
test_every_date(void)
{
	int64_t days = 0, bad = 0, us;
	char text[32];

	for (int i = 0; i < 10000 * 15 * 34; i++) {
		struct span all = {text, 20}, date = {text, STAMP_DATE_BYTES};

		snprintf(text, sizeof(text), "%04d-%02d-%02dT00:00:00Z",
		    i / (15 * 34), i / 34 % 15, i % 34);
		if (stamp_read(all, &us) != stamp_is_date(date))
			bad++;
		if (!stamp_is_date(date))
			continue;
		if (us != FIRST_US + days * DAY_US)
			bad++;
		days++;
	}
	tap_is_int(days, (END_US - FIRST_US) / DAY_US,
	    "there are as many dates as days in 9999 years");
	tap_is_int(bad, 0, "and each is the day behind the one before");
}

#define NONE INT64_MIN /* refused */

static const struct {
	const char *bytes;
	size_t len;
	int64_t want;
} times[] = {
    {BYTES("1970-01-01T00:00:00Z"), 0},
    {BYTES("2026-11-23T08:41:33.123456Z"), 1795423293123456},
    {BYTES("1985-04-12T23:20:50.52Z"), 482196050520000}, /* RFC 3339, 5.8 */
    {BYTES("1996-12-19T16:39:57-08:00"), 851042397 * S},
    {BYTES("1937-01-01T12:00:27.87+00:20"), -1041337172130000},
    {BYTES("1990-12-31T23:59:60Z"), NONE},
    {BYTES("1990-12-31T15:59:60-08:00"), NONE},
    {BYTES("1970-01-01t00:00:01z"), S},
    {BYTES("1970-01-01T00:00:01z"), S},
    {BYTES("1970-01-01t00:00:01+00:00"), S},
    /* Fractions: 0, 1, 6, 7, 9 and 10 digits; what is cut off is cut off. */
    {BYTES("1970-01-01T00:00:00.Z"), NONE},
    {BYTES("1970-01-01T00:00:00.1Z"), 100000},
    {BYTES("1970-01-01T00:00:00.12345Z"), 123450},
    {BYTES("1970-01-01T00:00:00.000001Z"), 1},
    {BYTES("1970-01-01T00:00:00.999999Z"), 999999},
    {BYTES("1970-01-01T00:00:00.1234567Z"), 123456},
    {BYTES("1970-01-01T00:00:00.999999999Z"), 999999},
    {BYTES("1970-01-01T00:00:00.000000999Z"), 0},
    {BYTES("1969-12-31T23:59:59.999999999Z"), -1},
    {BYTES("1970-01-01T00:00:00.0000000000Z"), NONE},
    {BYTES("1970-01-01T00:00:00.1234567890Z"), NONE},
    {BYTES("1970-01-01T00:00:00.000000000000000000000Z"), NONE},
    {BYTES("1970-01-01T00:00:00.5+00:00"), 500000},
    {BYTES("1970-01-01T00:00:00,5Z"), NONE},
    {BYTES("1970-01-01T00:00:00.-5Z"), NONE},
    {BYTES("1970-01-01T00:00:00.5.5Z"), NONE},
    {BYTES("1970-01-01T00:00.5Z"), NONE},
    /* Offsets, and over the end of day, month and year with them. */
    {BYTES("1970-01-01T00:00:00+00:01"), -60 * S},
    {BYTES("1970-01-01T00:00:00-00:01"), 60 * S},
    {BYTES("1970-01-01T00:00:00-00:00"), 0},
    {BYTES("1970-01-01T00:00:00+23:59"), -86340 * S},
    {BYTES("1970-01-01T00:00:00-23:59"), 86340 * S},
    {BYTES("2000-03-01T00:30:00+01:00"), 951867000 * S},
    {BYTES("1999-12-31T23:30:00-01:00"), 946686600 * S},
    {BYTES("1970-01-01T00:00:00+24:00"), NONE},
    {BYTES("1970-01-01T00:00:00+00:60"), NONE},
    {BYTES("1970-01-01T00:00:00+0000"), NONE},
    {BYTES("1970-01-01T00:00:00+00"), NONE},
    {BYTES("1970-01-01T00:00:00+0:00"), NONE},
    {BYTES("1970-01-01T00:00:00+00:00:00"), NONE},
    {BYTES("1970-01-01T00:00:00+00.00"), NONE},
    {BYTES("1970-01-01T00:00:00 00:00"), NONE},
    {BYTES("1970-01-01T00:00:00Z+00:00"), NONE},
    {BYTES("1970-01-01T00:00:00+00:00Z"), NONE},
    {BYTES("1970-01-01T00:00:00"), NONE},
    {BYTES("1970-01-01T00:00:00ZZ"), NONE},
    {BYTES("1970-01-01T00:00:00UTC"), NONE},
    /* The ends of what has four digits of year. */
    {BYTES("0001-01-01T00:00:00Z"), FIRST_US},
    {BYTES("0001-01-01T00:01:00+00:01"), FIRST_US},
    {BYTES("0001-01-01T00:00:00+00:01"), NONE},
    {BYTES("0001-01-01T00:00:59.999999+00:01"), NONE},
    {BYTES("0000-12-31T23:59:00-00:01"), NONE},
    {BYTES("0000-01-01T00:00:00Z"), NONE},
    {BYTES("9999-12-31T23:59:59.999999Z"), END_US - 1},
    {BYTES("9999-12-31T23:59:59.999999999Z"), END_US - 1},
    {BYTES("9999-12-31T23:58:59.999999-00:01"), END_US - 1},
    {BYTES("9999-12-31T23:59:00-00:01"), NONE},
    {BYTES("9999-12-31T23:59:59.999999+23:59"), END_US - 1 - 86340 * S},
    {BYTES("10000-01-01T00:00:00Z"), NONE},
    {BYTES("+2026-11-23T08:41:33Z"), NONE},
    {BYTES("-001-11-23T08:41:33Z"), NONE},
    /* Days and times that are none. */
    {BYTES("2023-02-29T00:00:00Z"), NONE},
    {BYTES("1900-02-29T00:00:00Z"), NONE},
    {BYTES("2000-02-29T00:00:00Z"), 951782400 * S},
    {BYTES("2026-04-31T00:00:00Z"), NONE},
    {BYTES("2026-11-00T00:00:00Z"), NONE},
    {BYTES("2026-01-32T00:00:00Z"), NONE},
    {BYTES("2026-00-01T00:00:00Z"), NONE},
    {BYTES("2026-13-01T00:00:00Z"), NONE},
    {BYTES("2026-11-23T24:00:00Z"), NONE},
    {BYTES("2026-11-23T23:60:00Z"), NONE},
    {BYTES("2026-11-23T23:59:61Z"), NONE},
    {BYTES("2026-11-23T23:59:99Z"), NONE},
    {BYTES("2026-11-23T-1:00:00Z"), NONE},
    {BYTES("2026-11-23T 8:41:33Z"), NONE},
    {BYTES("2026-11-23T8:41:33Z"), NONE},
    {BYTES("2026-11-23T08:41Z"), NONE},
    /* Other forms. */
    {BYTES(""), NONE},
    {BYTES("Z"), NONE},
    {BYTES("2026-11-23"), NONE},
    {BYTES("2026-11-23 08:41:33Z"), NONE},
    {BYTES("2026-11-23_08:41:33Z"), NONE},
    {BYTES("20261123T084133Z"), NONE},
    {BYTES("2026-W48-1T08:41:33Z"), NONE},
    {BYTES("2026-327T08:41:33.0Z"), NONE},
    {BYTES("2026/11/23T08:41:33Z"), NONE},
    {BYTES("2026-11-23T08.41.33Z"), NONE},
    {BYTES("26-11-23T08:41:33.0Z"), NONE},
    {BYTES(" 2026-11-23T08:41:33Z"), NONE},
    {BYTES("2026-11-23T08:41:33Z "), NONE},
    {BYTES("2026-11-23T08:41:33Z\n"), NONE},
    {BYTES("2026-11-23T08:41:33Z\0"), NONE},
    {BYTES("2026-11-23T08:41:33\0"), NONE},
    {BYTES("2026-11-23T08:41:33.\0"), NONE},
    {BYTES("infinity"), NONE},
    {BYTES("now"), NONE},
    {BYTES("1795423293"), NONE},
};

static void
test_read(void)
{
	for (size_t i = 0; i < LENGTH(times); i++) {
		size_t len = times[i].len;
		struct span text = {
		    guard_tail(&guard, times[i].bytes, len), len};
		int64_t us;

		if (!stamp_read(text, &us))
			us = NONE;
		tap_is_int(us, times[i].want, "time %zu: %s", i,
		    times[i].want != NONE ? "fine" : "refused");
		text.at = guard_head(&guard, times[i].bytes, len);
		if (stamp_read(text, &us) != (times[i].want != NONE))
			tap_ok(false, "the same with the page before it");
	}
}

/* Nothing is read that is not there. */
static void
test_cut(void)
{
	static const char whole[] = "2026-11-23T08:41:33.123456+01:00";
	int good = 0;
	int64_t us;

	for (size_t len = 0; len < sizeof(whole); len++) {
		struct span text = {guard_tail(&guard, whole, len), len};

		good += stamp_read(text, &us);
		good += stamp_is_date(text);
	}
	tap_is_int(good, 2, "of a time cut anywhere all is one, and its date");
}

/* Every offset there is, at a time of the same place. */
static void
test_offsets(void)
{
	int64_t bad = 0, us;
	char text[32];

	for (int minutes = -1439; minutes <= 1439; minutes++) {
		int positive = minutes < 0 ? -minutes : minutes;

		snprintf(text, sizeof(text), "2000-03-01T00:00:00%c%02d:%02d",
		    minutes < 0 ? '-' : '+', positive / 60, positive % 60);
		if (!stamp_read((struct span){text, 25}, &us) ||
		    us != (951868800 - 60 * minutes) * S)
			bad++;
	}
	tap_is_int(bad, 0, "every offset counts in minutes, east before");
}

static const struct {
	const char *bytes;
	size_t len;
	bool want;
} dates[] = {
    {BYTES("2026-11-23"), true},
    {BYTES("0001-01-01"), true},
    {BYTES("9999-12-31"), true},
    {BYTES("2024-02-29"), true},
    {BYTES("2000-02-29"), true},
    {BYTES("0004-02-29"), true},
    {BYTES("2023-02-29"), false},
    {BYTES("1900-02-29"), false},
    {BYTES("2100-02-29"), false},
    {BYTES("2000-02-30"), false},
    {BYTES("2026-04-31"), false},
    {BYTES("2026-12-32"), false},
    {BYTES("2026-12-00"), false},
    {BYTES("2026-00-10"), false},
    {BYTES("2026-13-10"), false},
    {BYTES("0000-01-01"), false},
    {BYTES("0000-02-29"), false},
    {BYTES("10000-01-01"), false},
    {BYTES("999-01-010"), false},
    {BYTES("-001-01-01"), false},
    {BYTES("+001-01-01"), false},
    {BYTES("2026-1-010"), false},
    {BYTES("2026-11-2"), false},
    {BYTES("2026-11-2 "), false},
    {BYTES("2026-11- 2"), false},
    {BYTES("2026-11-230"), false},
    {BYTES("2026-11-23\0"), false},
    {BYTES("2026-11-2\0"), false},
    {BYTES("2026-11-23T"), false},
    {BYTES("2026-11-23T00:00:00Z"), false},
    {BYTES("20261123"), false},
    {BYTES("2026/11/23"), false},
    {BYTES("2026\xe2\x80\x91"
           "11-1"),
        false},
    {BYTES("23.11.2026"), false},
    {BYTES("11-23-2026"), false},
    {BYTES(""), false},
};

static void
test_dates(void)
{
	for (size_t i = 0; i < LENGTH(dates); i++) {
		size_t len = dates[i].len;
		struct span text = {
		    guard_tail(&guard, dates[i].bytes, len), len};

		tap_is_int(stamp_is_date(text), dates[i].want, "date %zu: %s",
		    i, dates[i].want ? "fine" : "refused");
	}
	tap_ok(!stamp_is_date((struct span){NULL, 0}), "NULL and 0");
}

static ptrdiff_t
read_time(struct span text, char *out)
{
	int64_t us;

	if (!stamp_read(text, &us))
		return -1;
	/* Every time that is read can be written. */
	return stamp_text(us, out) ? STAMP_TEXT_BYTES - 1 : EVERY_BYTE_ROOM;
}

static ptrdiff_t
read_date(struct span text, char *out)
{
	if (!stamp_is_date(text))
		return -1;
	memcpy(out, text.at, text.len);
	return (ptrdiff_t)text.len;
}

static void
test_every_byte(void)
{
	int date, time;

	/* 2024-02-29: of the years ?024 all, 2?24 all, 20?4 but not the odd
	 * tens, 202? 0, 4, 8; months 1?: 10, 11, 12 hold a 29 as 02 does. */
	date = 9 + 1 + 10 + 5 + 3 + 1 + 2 + 9 + 1 + 3 + 10;
	tap_is_int(every_byte(&guard, "2024-02-29", read_date), date,
	    "each byte of a date");
	/* T and t; hours, minutes, seconds; ".5"; Z and z. */
	time = 2 + (3 + 4) + 1 + (6 + 10) + 1 + (6 + 10) + 1 + 10 + 2;
	tap_is_int(every_byte(&guard, "2024-02-29T20:41:33.5Z", read_time),
	    date + time, "each byte of a time");
	/* '+' and '-'; 0?, 1?, 2? with 1 behind; minutes. */
	time = 2 + (3 + 4) + 1 + (6 + 10) + 1 + (6 + 10) + 2 + (3 + 10) + 1 +
	       (6 + 10);
	tap_is_int(every_byte(&guard, "2024-02-29T20:41:33+01:30", read_time),
	    date + time, "each byte of a time with an offset");
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
	guard = guard_new(EVERY_BYTE_ROOM);
	test_rows();
	test_every_day();
	test_every_date();
	test_read();
	test_cut();
	test_offsets();
	test_dates();
	test_every_byte();
	test_clocks();
	return tap_done();
}
