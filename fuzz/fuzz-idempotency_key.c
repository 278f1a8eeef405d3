/* SPDX-License-Identifier: MIT */
/*
 * fuzz-idempotency_key -- any bytes as an Idempotency-Key.  What must hold: a
 * key is 1 to 255 visible characters, and written in quotes it is the same one.
 */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "idempotency_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char key[IDEMPOTENCY_KEY_MAX + 1], again[IDEMPOTENCY_KEY_MAX + 1];
	char quoted[2 * IDEMPOTENCY_KEY_MAX + 2], *at = quoted;
	size_t n =
	    idempotency_key_read((struct span){(const char *)data, len}, key);

	if (n == 0)
		return 0;
	assert(n <= IDEMPOTENCY_KEY_MAX && strlen(key) == n);
	*at++ = '"';
	for (size_t i = 0; i < n; i++) {
		assert(key[i] > ' ' && key[i] < 0x7f);
		if (key[i] == '"' || key[i] == '\\')
			*at++ = '\\';
		*at++ = key[i];
	}
	*at++ = '"';
	assert(idempotency_key_read(
	           (struct span){quoted, (size_t)(at - quoted)}, again) == n);
	assert(strcmp(key, again) == 0);
	return 0;
}
