/* SPDX-License-Identifier: MIT */
/*
 * stamp -- points in time: see stamp.h.
 *
 * A timestamp from SQL is rewritten as text.  Nothing is computed, so no zone,
 * locale or rounding can change it.
 */
#include "stamp.h"

#include <string.h>
#include <time.h>

enum {
	/* "2026-11-23 08:41:33" */
	SECONDS_LEN = 19,
	FRACTION_DIGITS = 6,
};

/* d is any digit; the rest stands for itself. */
static const char form[SECONDS_LEN + 1] = "dddd-dd-dd dd:dd:dd";

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* n digits as a number. */
static int
number(const char *digits, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++)
		value = value * 10 + (digits[i] - '0');
	return value;
}

/* The low n digits of value at out. */
static void
put(char *out, int n, long value)
{
	while (n-- > 0) {
		out[n] = (char)('0' + value % 10);
		value /= 10;
	}
}

static int
days_of(int year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

/* Whether the digits, known to be digits, make a time that exists. */
static bool
exists(const char *sql)
{
	int year = number(sql, 4), month = number(sql + 5, 2);
	int day = number(sql + 8, 2);

	if (year < 1 || month < 1 || month > 12)
		return false;
	if (day < 1 || day > days_of(year, month))
		return false;
	return number(sql + 11, 2) < 24 && number(sql + 14, 2) < 60 &&
	       number(sql + 17, 2) < 60;
}

bool
stamp_from_sql(const char *sql, char out[STAMP_TEXT_BYTES])
{
	const char *rest = sql + SECONDS_LEN;
	int n = 0;

	/* Stops at the NUL of a shorter text: no place in form allows it. */
	for (int i = 0; i < SECONDS_LEN; i++) {
		if (form[i] == 'd' ? !is_digit(sql[i]) : sql[i] != form[i])
			return false;
	}
	if (!exists(sql))
		return false;
	memcpy(out, sql, SECONDS_LEN);
	out[10] = 'T';
	memcpy(out + SECONDS_LEN, ".000000Z", 9);
	if (*rest == '.') {
		rest++;
		for (; n < FRACTION_DIGITS && is_digit(rest[n]); n++)
			out[SECONDS_LEN + 1 + n] = rest[n];
		if (n == 0)
			return false;
	}
	return strcmp(rest + n, "+00") == 0;
}

void
stamp_now(char out[STAMP_TEXT_BYTES])
{
	struct timespec now;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	memcpy(out, "0000-00-00T00:00:00.000000Z", STAMP_TEXT_BYTES);
	put(out, 4, tm.tm_year + 1900);
	put(out + 5, 2, tm.tm_mon + 1);
	put(out + 8, 2, tm.tm_mday);
	put(out + 11, 2, tm.tm_hour);
	put(out + 14, 2, tm.tm_min);
	put(out + 17, 2, tm.tm_sec);
	put(out + 20, FRACTION_DIGITS, now.tv_nsec / 1000);
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
