/* SPDX-License-Identifier: MIT */
/* signature -- see signature.h; the work is libsodium's. */
#include "signature.h"

#include <sodium.h>
#include <string.h>

void
signature_make(struct span key, const struct span *parts, int n,
    unsigned char out[SIGNATURE_BYTES])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(
	    &state, (const unsigned char *)key.at, key.len);
	for (int i = 0; i < n; i++)
		crypto_auth_hmacsha256_update(
		    &state, (const unsigned char *)parts[i].at, parts[i].len);
	crypto_auth_hmacsha256_final(&state, out);
}

void
signature_hex(struct span key, const struct span *parts, int n,
    char out[SIGNATURE_HEX_BYTES])
{
	unsigned char bytes[SIGNATURE_BYTES];

	signature_make(key, parts, n, bytes);
	sodium_bin2hex(out, SIGNATURE_HEX_BYTES, bytes, sizeof(bytes));
}

bool
signature_matches(
    struct span key, const struct span *parts, int n, struct span given)
{
	unsigned char bytes[SIGNATURE_BYTES], theirs[SIGNATURE_BYTES];
	size_t len = 0;

	if (given.len == SIGNATURE_HEX_BYTES - 1) {
		if (sodium_hex2bin(theirs, sizeof(theirs), given.at, given.len,
		        NULL, &len, NULL) != 0)
			return false;
	} else if (sodium_base642bin(theirs, sizeof(theirs), given.at,
	               given.len, NULL, &len, NULL,
	               sodium_base64_VARIANT_ORIGINAL) != 0) {
		return false;
	}
	if (len != sizeof(theirs))
		return false;
	signature_make(key, parts, n, bytes);
	return sodium_memcmp(bytes, theirs, sizeof(bytes)) == 0;
}

bool
signature_same(const char *a, const char *b)
{
	size_t len;

	if (a == NULL || b == NULL)
		return false;
	len = strlen(a);
	return strlen(b) == len && sodium_memcmp(a, b, len) == 0;
}
