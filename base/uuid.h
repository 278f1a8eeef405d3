/* SPDX-License-Identifier: MIT */
/* uuid -- UUID version 7 (RFC 9562, section 5.7): sorted by time of making;
 * and those of others, read. */
#ifndef UUID_H
#define UUID_H

#include "base.h"

enum {
	UUID_BYTES = 16,
	UUID_TEXT_BYTES = 37, /* 36 characters and a NUL */
};

/* Any version, from its bytes: RFC 9562, section 4. */
void uuid_text_of(
    const unsigned char bytes[UUID_BYTES], char out[UUID_TEXT_BYTES]);

/*
 * A new one, of a time and random bytes.
 * unix_ms: milliseconds since 1970, of which the low 48 bits count (until the
 * year 10889); random: 10 bytes, of which 74 bits count.  Pure, for tests.
 */
void uuid_text(
    int64_t unix_ms, const unsigned char random[10], char out[UUID_TEXT_BYTES]);

/*
 * A new one, from the clock and getrandom(2).  Those of one millisecond are in
 * no order.  False when the system gives no random bytes; out is then "".
 */
bool uuid_new(char out[UUID_TEXT_BYTES]) MUST_CHECK;

/* Read one of any version (RFC 9562, section 4): 8-4-4-4-12 hexadecimal digits,
 * which become small in out.  False for anything else. */
bool uuid_read(struct span text, char out[UUID_TEXT_BYTES]) MUST_CHECK;

#endif /* UUID_H */
