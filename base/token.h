/* SPDX-License-Identifier: MIT */
/*
 * token -- signed tokens: JWT (RFC 7519) with HS256 and nothing else.
 *
 * The algorithm is ours, not the token's: the header must be exactly the one
 * that token_sign() writes, in meaning, or the token is invalid (RFC 8725,
 * section 3.1).  The signature is checked before header or claims are read.
 * Claims, these four and no other: sub, the user's id, and sid, the id of the
 * session, both as decimal text; iat and exp, whole seconds since 1970.
 */
#ifndef TOKEN_H
#define TOKEN_H

#include "base.h"

enum {
	TOKEN_MAX_BYTES = 4096,      /* a longer token is invalid */
	TOKEN_SECRET_MIN_BYTES = 32, /* RFC 7518, section 3.2 */
	TOKEN_CLOCK_LEEWAY_S = 60,   /* an iat this far ahead is accepted */
};

enum token_status {
	TOKEN_OK,
	TOKEN_INVALID, /* not ours, or not well-formed */
	TOKEN_EXPIRED, /* ours, and over: now_s is exp or later */
	TOKEN_NO_MEMORY,
	TOKEN_MISUSED, /* the secret is too short: a bug of the caller */
};

/* Whom a token is for; both are 1 or more. */
struct token {
	int64_t user_id, session_id;
};

/*
 * Write a token that holds from now_s (0 or more) for ttl_s seconds (1 or
 * more), at most until the year 36812.  secret is NUL-terminated and has at
 * least TOKEN_SECRET_MIN_BYTES, all of which count.  Returns the length of the
 * text in out, which is NUL-terminated.  Anything else is a bug of the caller:
 * 0, and out is "".
 */
size_t token_sign(const char *secret, const struct token *token, int64_t now_s,
    int64_t ttl_s, char out[TOKEN_MAX_BYTES]) MUST_CHECK;

/*
 * Check the text of a token; on TOKEN_OK *token is what it says, otherwise
 * zeros.  The secret as above.  The time taken tells nothing of the right
 * signature.
 */
enum token_status token_verify(const char *secret, const char *text, size_t len,
    int64_t now_s, struct token *token) MUST_CHECK;

#endif /* TOKEN_H */
