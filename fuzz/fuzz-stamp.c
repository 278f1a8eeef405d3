/* SPDX-License-Identifier: MIT */
/*
 * fuzz-stamp -- any bytes as PostgreSQL's text of a timestamptz.  What must
 * hold: what is taken has the digits of the input, is a time that the C
 * library knows, and, put back into PostgreSQL's form, gives itself.
 */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../common/stamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_time(const char *text)
{
	struct tm tm = {0}, back;
	int microseconds, n = 0;

	assert(sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%6dZ%n", &tm.tm_year,
	           &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec,
	           &microseconds, &n) == 7);
	assert(n == STAMP_TEXT_BYTES - 1);
	assert(tm.tm_year >= 1);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	back = tm;
	(void)timegm(&back); /* moves a time that is not to one that is */
	assert(back.tm_year == tm.tm_year && back.tm_mon == tm.tm_mon);
	assert(back.tm_mday == tm.tm_mday && back.tm_hour == tm.tm_hour);
	assert(back.tm_min == tm.tm_min && back.tm_sec == tm.tm_sec);
}

static void
check_taken(const char *sql, const char *out)
{
	char back[STAMP_TEXT_BYTES + 2], again[STAMP_TEXT_BYTES];
	size_t len = strlen(sql), same = len - strlen("+00");

	assert(strlen(out) == STAMP_TEXT_BYTES - 1);
	assert(strcmp(sql + same, "+00") == 0);
	for (size_t i = 0; i < same; i++)
		assert(out[i] == (i == 10 ? 'T' : sql[i]));
	check_time(out);

	memcpy(back, out, STAMP_TEXT_BYTES);
	back[10] = ' ';
	memcpy(back + STAMP_TEXT_BYTES - 2, "+00", 4);
	assert(stamp_from_sql(back, again));
	assert(strcmp(out, again) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char out[STAMP_TEXT_BYTES];
	char *sql = xmalloc(len + 1);

	if (len > 0)
		memcpy(sql, data, len);
	sql[len] = '\0';
	if (stamp_from_sql(sql, out))
		check_taken(sql, out);
	free(sql);
	return 0;
}
