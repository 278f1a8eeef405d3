/* SPDX-License-Identifier: MIT */
/*
 * secret -- random texts that let whoever has one do something once, or for a
 * while: refresh tokens, what stands in a mail.  Only the hash is stored, so
 * that nobody who reads the database can use it.
 */
#ifndef SECRET_H
#define SECRET_H

#include "base.h"

struct arena;

enum {
	SECRET_BYTES = 32, /* 256 random bits */
	SECRET_CHARS = 43, /* of its text: base64url, RFC 4648, section 5 */
};

/* A new one, as text. */
const char *secret_new(struct arena *arena) MUST_CHECK;

/*
 * What is stored of one, BLAKE2b with 32 bytes, as the text of a bytea for $n.
 * Neither salt nor a slow hash: nobody guesses 256 random bits.  Any text may
 * come from outside; what is no secret of ours has a hash that is not stored.
 */
const char *secret_hash(struct arena *arena, struct span text) MUST_CHECK;

#endif /* SECRET_H */
