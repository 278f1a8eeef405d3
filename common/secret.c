/* SPDX-License-Identifier: MIT */
/* secret -- see secret.h; the work is libsodium's. */
#include "secret.h"

#include <sodium.h>
#include <string.h>

#include "arena.h"
#include "die.h"

enum {
	BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
};
_Static_assert(
    sodium_base64_ENCODED_LEN(SECRET_BYTES, BASE64) == SECRET_CHARS + 1,
    "of the text, with its NUL");

const char *
secret_new(struct arena *arena)
{
	unsigned char bytes[SECRET_BYTES];
	char text[SECRET_CHARS + 1];

	if (sodium_init() < 0)
		bug("libsodium does not start");
	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2base64(text, sizeof(text), bytes, sizeof(bytes), BASE64);
	return arena_copy(arena, text, SECRET_CHARS);
}

const char *
secret_hash(struct arena *arena, struct span text)
{
	unsigned char hash[SECRET_BYTES];
	char hex[2 * SECRET_BYTES + 1];

	if (crypto_generichash(hash, sizeof(hash),
	        (const unsigned char *)text.at, text.len, NULL, 0) != 0)
		bug("no hash of %zu bytes", text.len);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	return arena_format(arena, "\\x%s", hex);
}
