/* SPDX-License-Identifier: MIT */
/* test-stamp -- common/stamp: PostgreSQL's forms, and the clocks. */
#include "../common/stamp.h"

#include <time.h>

#include "guard.h"
#include "tap.h"

static struct guard guard;

static const struct {
	const char *sql;
	const char *want; /* NULL: refused */
} rows[] = {
    {"2026-11-23 08:41:33+00", "2026-11-23T08:41:33.000000Z"},
    {"2026-11-23 08:41:33.1+00", "2026-11-23T08:41:33.100000Z"},
    {"2026-11-23 08:41:33.12+00", "2026-11-23T08:41:33.120000Z"},
    {"2026-11-23 08:41:33.123+00", "2026-11-23T08:41:33.123000Z"},
    {"2026-11-23 08:41:33.1234+00", "2026-11-23T08:41:33.123400Z"},
    {"2026-11-23 08:41:33.12345+00", "2026-11-23T08:41:33.123450Z"},
    {"2026-11-23 08:41:33.123456+00", "2026-11-23T08:41:33.123456Z"},
    {"2026-11-23 08:41:33.000001+00", "2026-11-23T08:41:33.000001Z"},
    {"1970-01-01 00:00:00+00", "1970-01-01T00:00:00.000000Z"},
    {"0001-01-01 00:00:00+00", "0001-01-01T00:00:00.000000Z"},
    {"9999-12-31 23:59:59.999999+00", "9999-12-31T23:59:59.999999Z"},
    {"2024-02-29 00:00:00+00", "2024-02-29T00:00:00.000000Z"},
    {"2000-02-29 00:00:00+00", "2000-02-29T00:00:00.000000Z"},
    {"", NULL},
    {"infinity", NULL},
    {"-infinity", NULL},
    {"2026-11-23", NULL},
    {"2026-11-23 08:41:33", NULL},
    {"2026-11-23 08:41:33Z", NULL},
    {"2026-11-23 08:41:33+01", NULL},
    {"2026-11-23 08:41:33-00", NULL},
    {"2026-11-23 08:41:33+00:00", NULL},
    {"2026-11-23 08:41:33+0000", NULL},
    {"2026-11-23 08:41:33+05:30", NULL},
    {"2026-11-23 08:41:33+00 ", NULL},
    {"2026-11-23 08:41:33+00 BC", NULL},
    {" 2026-11-23 08:41:33+00", NULL},
    {"2026-11-23T08:41:33+00", NULL},
    {"2026-11-23  08:41:33+00", NULL},
    {"2026-11-23 08:41:33.+00", NULL},
    {"2026-11-23 08:41:33.1234567+00", NULL},
    {"2026-11-23 08:41:33,12+00", NULL},
    {"2026-11-23 08:41:33.-1+00", NULL},
    {"10000-01-01 00:00:00+00", NULL},
    {"294276-12-31 23:59:59+00", NULL},
    {"0000-01-01 00:00:00+00", NULL},
    {"-001-01-01 00:00:00+00", NULL},
    {"2026-00-23 08:41:33+00", NULL},
    {"2026-13-23 08:41:33+00", NULL},
    {"2026-11-00 08:41:33+00", NULL},
    {"2026-11-31 08:41:33+00", NULL},
    {"2026-01-32 08:41:33+00", NULL},
    {"2026-02-29 08:41:33+00", NULL},
    {"1900-02-29 08:41:33+00", NULL},
    {"2026-11-23 24:00:00+00", NULL},
    {"2026-11-23 08:60:33+00", NULL},
    {"2026-11-23 08:41:60+00", NULL},
    {"2026-1-23 08:41:33+00", NULL},
    {"2026/11/23 08:41:33+00", NULL},
    {"23-11-2026 08:41:33+00", NULL},
    {"Mon 23 Nov 08:41:33 2026 UTC", NULL},
    {"2o26-11-23 08:41:33+00", NULL},
};

static void
test_rows(void)
{
	char out[STAMP_TEXT_BYTES];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *sql =
		    guard_tail(&guard, rows[i].sql, strlen(rows[i].sql) + 1);
		bool good = stamp_from_sql(sql, out);

		tap_is_text(
		    good ? out : NULL, rows[i].want, "'%s'", rows[i].sql);
	}
}

/* No proper prefix of a row is a timestamp: each ends in its zone. */
static void
test_prefixes(void)
{
	char sql[64], out[STAMP_TEXT_BYTES];
	int bad = 0;

	for (size_t i = 0; i < LENGTH(rows) && rows[i].want != NULL; i++) {
		for (size_t n = 0; n < strlen(rows[i].sql); n++) {
			memcpy(sql, rows[i].sql, n);
			sql[n] = '\0';
			if (stamp_from_sql(guard_tail(&guard, sql, n + 1), out))
				bad++;
		}
	}
	tap_is_int(bad, 0, "no prefix is a timestamp");
}

/* Seconds since 1970 of an RFC 3339 text; INT64_MIN: there is no such time. */
static int64_t
seconds_of(const char *text)
{
	struct tm tm = {0}, back;
	time_t when;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon,
	        &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return INT64_MIN;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	back = tm;
	when = timegm(&back); /* normalizes: 31 November is 1 December */
	if (back.tm_mday != tm.tm_mday || back.tm_mon != tm.tm_mon ||
	    back.tm_hour != tm.tm_hour || back.tm_min != tm.tm_min ||
	    back.tm_sec != tm.tm_sec)
		return INT64_MIN;
	return when;
}

/* Every byte in every place: what is taken must be what timegm() knows. */
static void
test_every_byte(void)
{
	static const char good[] = "2024-02-28 19:59:59.123456+00";
	int bad = 0, taken = 0;

	for (size_t at = 0; at < sizeof(good); at++) {
		for (int c = 0; c < 256; c++) {
			char sql[sizeof(good) + 1], out[STAMP_TEXT_BYTES];

			memcpy(sql, good, sizeof(good));
			sql[at] = (char)c;
			sql[sizeof(good)] = '\0';
			if (!stamp_from_sql(sql, out))
				continue;
			taken++;
			if (seconds_of(out) == INT64_MIN)
				bad++;
		}
	}
	tap_is_int(bad, 0, "every byte in every place gives a time that is");
	tap_ok(taken > 100, "and %d were taken", taken);
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
	guard = guard_new(128);
	test_rows();
	test_prefixes();
	test_every_byte();
	test_clocks();
	return tap_done();
}
