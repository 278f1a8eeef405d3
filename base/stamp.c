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

/* n digits at s, which are there; -1 when one of them is none. */
static int
number_at(const char *s, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		value = value * 10 + (s[i] - '0');
	}
	return value;
}

/* Days since 0000-03-01 of the 10 bytes "2026-11-23", or -1.  Source: Howard
 * Hinnant, days_from_civil. */
static int
days_at(const char *s)
{
	static const int lengths[] = {
	    31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = number_at(s, 4), month = number_at(s + 5, 2);
	int day = number_at(s + 8, 2);
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (s[4] != '-' || s[7] != '-' || year < 1 || month < 1 || month > 12 ||
	    day < 1 || day > lengths[month - 1] ||
	    (month == 2 && day == 29 && !leap))
		return -1;
	if (month <= 2)
		year--;
	return 365 * year + year / 4 - year / 100 + year / 400 +
	       (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
}

bool
stamp_is_date(struct span text)
{
	return text.len == STAMP_DATE_BYTES && days_at(text.at) >= 0;
}

/* Seconds of "08:41:33" or, without seconds, "08:41"; -1 for none. */
static int
seconds_at(const char *s, bool seconds)
{
	int hour = number_at(s, 2), minute = number_at(s + 3, 2);
	int second = seconds ? number_at(s + 6, 2) : 0;

	if (s[2] != ':' || (seconds && s[5] != ':') || hour < 0 || hour > 23 ||
	    minute < 0 || minute > 59 || second < 0 || second > 59)
		return -1;
	return hour * 3600 + minute * 60 + second;
}

/* Take ".123456789" off the start of rest: microseconds, 0 when it is not
 * there, or -1. */
static int
take_fraction(struct span *rest)
{
	int us = 0;
	size_t n = 1;

	if (rest->len == 0 || rest->at[0] != '.')
		return 0;
	for (; n < rest->len && number_at(rest->at + n, 1) >= 0; n++)
		if (n <= 6)
			us = us * 10 + number_at(rest->at + n, 1);
	if (n == 1 || n > 10)
		return -1;
	for (size_t i = n; i <= 6; i++)
		us *= 10;
	rest->at += n;
	rest->len -= n;
	return us;
}

/* Seconds east of Greenwich of "Z" or "+01:00". */
static bool
read_offset(struct span s, int *seconds)
{
	*seconds = 0;
	if (s.len == 1)
		return s.at[0] == 'Z' || s.at[0] == 'z';
	if (s.len != 6 || (s.at[0] != '+' && s.at[0] != '-'))
		return false;
	*seconds = seconds_at(s.at + 1, false);
	if (*seconds < 0)
		return false;
	if (s.at[0] == '-')
		*seconds = -*seconds;
	return true;
}

bool
stamp_read(struct span text, int64_t *unix_us)
{
	int days, seconds, us, offset;
	struct span rest;

	if (text.len < 20 || (text.at[10] != 'T' && text.at[10] != 't'))
		return false;
	rest = (struct span){text.at + 19, text.len - 19};
	days = days_at(text.at);
	seconds = seconds_at(text.at + 11, true);
	if (days < 0 || seconds < 0)
		return false;
	us = take_fraction(&rest);
	if (us < 0 || !read_offset(rest, &offset))
		return false;
	*unix_us =
	    ((int64_t)(days - DAYS_TO_1970) * S_PER_DAY + seconds - offset) *
	        SECOND +
	    us;
	return *unix_us >= first_us && *unix_us <= last_us;
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
