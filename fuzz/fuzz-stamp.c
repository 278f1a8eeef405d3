/* SPDX-License-Identifier: MIT */
/*
 * fuzz-stamp -- any bytes as a time, as a date, and, the first eight of them,
 * as a point in time.  What must hold: exactly what a second reader accepts is
 * accepted, which asks a pattern for the form and timegm(3) for the rest; what
 * is read can be written and reads as the same; a date is what is a time with
 * T00:00:00Z behind it.
 */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum {
	FRACTION_MAX = 9,
	TIME_MAX_BYTES = 35, /* "2026-11-23T08:41:33.123456789+01:00" */
};

/* Whether text has the form: 0 is a digit, T and Z stand for small ones, too,
 * and + is a sign. */
static bool
has_form(const char *text, const char *form)
{
	for (; *form != '\0'; form++, text++) {
		if (*form == '0' && *text >= '0' && *text <= '9')
			continue;
		if (*form == '+' && *text == '-')
			continue;
		if ((*form == 'T' && *text == 't') ||
		    (*form == 'Z' && *text == 'z'))
			continue;
		if (*form == '0' || *text != *form)
			return false;
	}
	return *text == '\0';
}

/* text ends in a NUL and has one of the forms. */
static bool
second_value(const char *text, int digits, bool offset, int64_t *unix_us)
{
	struct tm tm = {0}, made;
	int hours = 0, minutes = 0, us = 0;
	char sign = '+', fraction[] = "000000";
	const char *rest = text + 19;
	time_t second;

	if (sscanf(text, "%4d-%2d-%2d%*c%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon,
	        &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return false;
	if (digits > 0) {
		memcpy(fraction, rest + 1, digits < 6 ? (size_t)digits : 6);
		us = (int)strtol(fraction, NULL, 10);
		rest += 1 + digits;
	}
	if (offset && sscanf(rest, "%c%2d:%2d", &sign, &hours, &minutes) != 3)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	made = tm;
	second = timegm(&made);
	/* timegm() carries what is too much; then it is another day. */
	if (made.tm_mday != tm.tm_mday || made.tm_mon != tm.tm_mon ||
	    made.tm_hour != tm.tm_hour || made.tm_min != tm.tm_min ||
	    made.tm_sec != tm.tm_sec || hours > 23 || minutes > 59 ||
	    tm.tm_year == -1900)
		return false;
	second -= (sign == '-' ? -60 : 60) * (60 * hours + minutes);
	gmtime_r(&second, &made);
	*unix_us = (int64_t)second * 1000000 + us;
	return made.tm_year >= 1 - 1900 && made.tm_year <= 9999 - 1900;
}

static bool
second_reader(const char *text, int64_t *unix_us)
{
	char form[64];

	for (int digits = 0; digits <= FRACTION_MAX; digits++) {
		for (int offset = 0; offset < 2; offset++) {
			snprintf(form, sizeof(form),
			    "0000-00-00T00:00:00%s%.*s%s",
			    digits > 0 ? "." : "", digits, "000000000",
			    offset ? "+00:00" : "Z");
			if (has_form(text, form))
				return second_value(
				    text, digits, offset, unix_us);
		}
	}
	return false;
}

static void
check_time(const char *text, size_t len, struct span s)
{
	char out[STAMP_TEXT_BYTES];
	int64_t us, second_us, again_us;
	bool fine = stamp_read(s, &us);

	assert(
	    fine == (strlen(text) == len && second_reader(text, &second_us)));
	if (!fine)
		return;
	assert(us == second_us && len <= TIME_MAX_BYTES);
	assert(stamp_text(us, out));
	assert(stamp_read((struct span){out, STAMP_TEXT_BYTES - 1}, &again_us));
	assert(us == again_us);
	assert(stamp_is_date((struct span){s.at, STAMP_DATE_BYTES}));
	assert(stamp_is_date((struct span){out, STAMP_DATE_BYTES}));
}

static void
check_date(const char *text, size_t len, struct span s)
{
	bool fine = false;
	char time[32];
	int64_t us;

	if (len == STAMP_DATE_BYTES && strlen(text) == len) {
		snprintf(time, sizeof(time), "%sT00:00:00Z", text);
		fine = second_reader(time, &us);
	}
	assert(stamp_is_date(s) == fine);
}

static void
check_point(int64_t us)
{
	char out[STAMP_TEXT_BYTES];
	int64_t again;

	if (!stamp_text(us, out))
		return;
	assert(stamp_read((struct span){out, STAMP_TEXT_BYTES - 1}, &again));
	assert(us == again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span s = {(const char *)data, len};
	char text[64] = "";
	int64_t us;

	/* What is longer is refused, and read no further. */
	if (len >= sizeof(text)) {
		assert(!stamp_read(s, &us) && !stamp_is_date(s));
		return 0;
	}
	if (len > 0)
		memcpy(text, data, len);
	check_time(text, len, s);
	check_date(text, len, s);
	if (len >= sizeof(us)) {
		memcpy(&us, data, sizeof(us));
		check_point(us);
		check_point(us % INT64_C(253402300800000000));
	}
	return 0;
}
