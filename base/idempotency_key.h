/* SPDX-License-Identifier: MIT */
/*
 * idempotency_key -- the value of an Idempotency-Key header: a string of
 * structured fields, "8e03978e-40d5", as draft-ietf-httpapi-idempotency-key-
 * header-07 has it, or the same without quotes, as most clients send it.
 * Source: RFC 9651, 3.3.3 and 4.2.5.  Pure: bytes in, bytes out.
 */
#ifndef IDEMPOTENCY_KEY_H
#define IDEMPOTENCY_KEY_H

#include "base.h"

enum {
	IDEMPOTENCY_KEY_MAX = 255, /* characters */
};

/*
 * Read the key into out, NUL-terminated; both spellings of one key give the
 * same.  Blanks around it are passed over.  Returns its length, 1 to
 * IDEMPOTENCY_KEY_MAX; 0 when it is none: empty, too long, not visible ASCII,
 * or a string that does not end or has something behind it.
 */
size_t idempotency_key_read(
    struct span header, char out[IDEMPOTENCY_KEY_MAX + 1]) MUST_CHECK;

#endif /* IDEMPOTENCY_KEY_H */
