/* SPDX-License-Identifier: MIT */
/*
 * stamp -- points in time as RFC 3339, and the two clocks.
 */
#ifndef STAMP_H
#define STAMP_H

#include "base.h"

enum {
	STAMP_TEXT_BYTES = 28, /* "2026-11-23T08:41:33.123456Z" and a NUL */
	STAMP_DATE_BYTES = 10, /* "2026-11-23" */
};

/*
 * Microseconds since 1970 as RFC 3339 in UTC with six digits of fraction.
 * False, with out left alone, for a year before 1 or beyond 9999, which that
 * form does not have.
 */
bool stamp_text(int64_t unix_us, char out[STAMP_TEXT_BYTES]) MUST_CHECK;

/*
 * Read a date-time of RFC 3339, section 5.6: "2026-11-23T08:41:33Z", with a
 * fraction of up to 9 digits, of which six count, and with an offset for Z.  T
 * and Z may be small.  False for anything else, for a day that month does not
 * have, for second 60, and for a time that stamp_text() cannot write.
 */
bool stamp_read(struct span text, int64_t *unix_us) MUST_CHECK;

/* Whether text is a day of the years 1 to 9999: "2026-11-23". */
bool stamp_is_date(struct span text) MUST_CHECK;

/* Wall clock as RFC 3339 with six digits, for logs. */
void stamp_now(char out[STAMP_TEXT_BYTES]);

int64_t stamp_unix_s(void);       /* seconds since 1970 */
int64_t stamp_unix_ms(void);      /* milliseconds since 1970 */
int64_t stamp_monotonic_ns(void); /* CLOCK_MONOTONIC: for deadlines */
int64_t stamp_monotonic_ms(void); /* the same */

#endif /* STAMP_H */
