/* SPDX-License-Identifier: MIT */
/*
 * stamp -- points in time: from PostgreSQL to RFC 3339, and the two clocks.
 */
#ifndef STAMP_H
#define STAMP_H

#include "base.h"

enum {
	STAMP_TEXT_BYTES = 28, /* "2026-11-23T08:41:33.123456Z" and a NUL */
};

/*
 * PostgreSQL's text of a timestamptz (DateStyle ISO, TimeZone UTC), such as
 * "2026-11-23 08:41:33.12+00", as RFC 3339 with six digits of fraction.
 * False when the text has another form ("infinity"), a year before 1 or beyond
 * 9999, a day that is in no calendar, or a zone other than "+00"; out is then
 * of no use.
 */
bool stamp_from_sql(const char *sql, char out[STAMP_TEXT_BYTES]) MUST_CHECK;

/* Wall clock as RFC 3339 with six digits, for logs. */
void stamp_now(char out[STAMP_TEXT_BYTES]);

int64_t stamp_unix_s(void);       /* seconds since 1970 */
int64_t stamp_unix_ms(void);      /* milliseconds since 1970 */
int64_t stamp_monotonic_ns(void); /* CLOCK_MONOTONIC: for deadlines */

#endif /* STAMP_H */
