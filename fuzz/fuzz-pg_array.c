/* SPDX-License-Identifier: MIT */
/*
 * fuzz-pg_array -- any bytes as a PostgreSQL array.  What must hold: every
 * item lies within the bytes, in order, and there are no more of them than
 * fit.
 */
#undef NDEBUG
#include <assert.h>

#include "pg_array.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct span bytes = {(const char *)data, len};
	const char *at = bytes.at;
	struct pg_array array;
	struct span item;
	size_t n = 0;

	if (!pg_array_open(&array, bytes, 25)) {
		assert(!pg_array_next(&array, &item));
		return 0;
	}
	while (pg_array_next(&array, &item)) {
		n++;
		if (item.at == NULL)
			continue;
		assert(item.at >= at);
		assert(item.len <= (size_t)(bytes.at + len - item.at));
		at = item.at + item.len;
	}
	assert(n <= len / 4);
	return 0;
}
