/* SPDX-License-Identifier: MIT */
/*
 * decimal -- a number with digits after the point, exact: as text, the way
 * PostgreSQL's numeric reads it.  Pure.
 */
#ifndef DECIMAL_H
#define DECIMAL_H

#include "base.h"

enum {
	DECIMAL_DIGITS_MAX = 18, /* before the point: fits int64_t */
	DECIMAL_SCALE_MAX = 18,  /* after it */
	DECIMAL_TEXT_BYTES = 1 + DECIMAL_DIGITS_MAX + 1 + DECIMAL_SCALE_MAX + 1,
};

/*
 * Read -?digits[.digits] (RFC 8259, section 6, without exponent) into out as it
 * is kept: without needless zeros in front, without "-0", the digits behind the
 * point as they came.  False for anything else, for zeros in front of other
 * digits, and for more digits than the limits above or, behind the point, than
 * scale (0 to DECIMAL_SCALE_MAX); out is then of no use.
 */
bool decimal_read(
    struct span text, int scale, char out[DECIMAL_TEXT_BYTES]) MUST_CHECK;

/* Below 0, 0 or above: how what decimal_read() has written compares with n. */
int decimal_compare(const char *decimal, int64_t n) MUST_CHECK;

#endif /* DECIMAL_H */
