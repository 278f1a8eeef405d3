/* SPDX-License-Identifier: MIT */
/*
 * fuzz-db_array -- any bytes as a PostgreSQL array.  What must hold: every
 * item lies within the bytes, in order, and there are no more of them than
 * fit.
 */
#undef NDEBUG
#include <assert.h>

#include "../common/db_array.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct span bytes = {(const char *)data, len};
	const char *at = bytes.at;
	struct db_array array;
	struct span item;
	size_t n = 0;

	if (!db_array_open(&array, bytes, 25)) {
		assert(!db_array_next(&array, &item));
		return 0;
	}
	while (db_array_next(&array, &item)) {
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
