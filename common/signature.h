/* SPDX-License-Identifier: MIT */
/*
 * signature -- HMAC-SHA256 (RFC 2104, FIPS 180-4) over what a webhook or a link
 * says, and comparing secrets without telling by the time taken how much of
 * them was right.
 *
 * How others sign, and what is signed:
 *
 *	GitHub: X-Hub-Signature-256: sha256=HEX
 *		the body, which is req_body(req)
 *	Stripe: Stripe-Signature: t=T,v1=HEX
 *		T "." body
 *	Standard Webhooks: webhook-signature: v1,BASE64
 *		webhook-id "." webhook-timestamp "." body
 *
 * A signature that holds says nothing of when: check the timestamp in it, too.
 */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include "base.h"

enum {
	SIGNATURE_BYTES = 32,
	SIGNATURE_HEX_BYTES = 65, /* and the NUL */
};

/* The signature of n parts, one behind the other, with a key of any bytes. */
void signature_make(struct span key, const struct span *parts, int n,
    unsigned char out[SIGNATURE_BYTES]);

/* The same as hexadecimal digits, small. */
void signature_hex(struct span key, const struct span *parts, int n,
    char out[SIGNATURE_HEX_BYTES]);

/* Whether given, as 64 hexadecimal digits or as Base64 (RFC 4648, section 4,
 * with padding), is the signature. */
bool signature_matches(struct span key, const struct span *parts, int n,
    struct span given) MUST_CHECK;

/* Whether two texts are the same; the time tells only whether they are equally
 * long.  NULL is the same as no text, not even as NULL. */
bool signature_same(const char *a, const char *b) MUST_CHECK;

#endif /* SIGNATURE_H */
