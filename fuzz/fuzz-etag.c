/* SPDX-License-Identifier: MIT */
/*
 * fuzz-etag -- any bytes as a list of tags.  What must hold: a tag of 32 digits
 * is only named by a list in which it stands in quotes; and behind a list that
 * is one, up to its end, it is found.
 */
#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "etag.h"

static const char tag[] = "\"0123456789abcdef0123456789abcdef\"";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span list = {(const char *)data, len};
	struct span one = {tag + 1, sizeof(tag) - 3};
	bool listed = etag_is_listed(list, one);
	char *front = xmalloc(len + sizeof(tag) + 1);

	assert(!listed || memmem(data, len, tag, sizeof(tag) - 1) != NULL ||
	       memchr(data, '*', len) != NULL);
	memcpy(front, tag, sizeof(tag) - 1);
	front[sizeof(tag) - 1] = ',';
	if (len > 0)
		memcpy(front + sizeof(tag), data, len);
	assert(etag_is_listed((struct span){front, len + sizeof(tag)}, one));
	free(front);
	return 0;
}
