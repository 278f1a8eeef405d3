/* SPDX-License-Identifier: MIT */
/* stamp -- points in time: see stamp.h. */
#include "stamp.h"

#include <string.h>
#include <time.h>

enum {
	S_PER_DAY = 86400,
	DAYS_PER_400_YEARS = 146097,
	/* 1970-01-01, in days since 0000-03-01: years that begin in March end
	 * in the leap day. */
	DAYS_TO_1970 = 719468,
};

#define SECOND INT64_C(1000000) /* microseconds */

/* The first and the last microsecond that has four digits of year. */
static const int64_t first_us = -62135596800 * SECOND;
static const int64_t last_us = 253402300800 * SECOND - 1;

/* The low n digits of value at out, two at a time: n is even. */
static void
put_number(char *out, int n, unsigned value)
{
	static const char pairs[] = "00010203040506070809"
	                            "10111213141516171819"
	                            "20212223242526272829"
	                            "30313233343536373839"
	                            "40414243444546474849"
	                            "50515253545556575859"
	                            "60616263646566676869"
	                            "70717273747576777879"
	                            "80818283848586878889"
	                            "90919293949596979899";

	for (; n > 0; n -= 2) {
		memcpy(out + n - 2, &pairs[value % 100 * 2], 2);
		value /= 100;
	}
}

/* Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms",
 * civil_from_days.  gmtime_r(3) takes a lock and five times as long. */
static void
put_date(char *out, unsigned days)
{
	unsigned era = days / DAYS_PER_400_YEARS;
	unsigned day = days % DAYS_PER_400_YEARS;
	unsigned year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	unsigned of_year = day - (365 * year + year / 4 - year / 100);
	unsigned month = (5 * of_year + 2) / 153; /* 0 is March */

	put_number(out + 8, 2, of_year - (153 * month + 2) / 5 + 1);
	put_number(out + 5, 2, month < 10 ? month + 3 : month - 9);
	put_number(out, 4, era * 400 + year + (month < 10 ? 0 : 1));
}

bool
stamp_text(int64_t unix_us, char out[STAMP_TEXT_BYTES])
{
	unsigned days, second;
	uint64_t us;

	if (unix_us < first_us || unix_us > last_us)
		return false;
	us = (uint64_t)(unix_us + SECOND * S_PER_DAY * DAYS_TO_1970);
	days = (unsigned)(us / SECOND / S_PER_DAY);
	second = (unsigned)(us / SECOND % S_PER_DAY);
	memcpy(out, "0000-00-00T00:00:00.000000Z", STAMP_TEXT_BYTES);
	put_date(out, days);
	put_number(out + 11, 2, second / 3600);
	put_number(out + 14, 2, second / 60 % 60);
	put_number(out + 17, 2, second % 60);
	put_number(out + 20, 6, (unsigned)(us % SECOND));
	return true;
}

void
stamp_now(char out[STAMP_TEXT_BYTES])
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (!stamp_text((int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000, out))
		memcpy(out, "9999-12-31T23:59:59.999999Z", STAMP_TEXT_BYTES);
}

int64_t
stamp_unix_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

int64_t
stamp_unix_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
stamp_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t
stamp_monotonic_ms(void)
{
	return stamp_monotonic_ns() / 1000000;
}
