/* SPDX-License-Identifier: MIT */
/*
 * fuzz-accept -- any bytes as an Accept header.  What must hold: a quality is
 * 0 to ACCEPT_QUALITY_ONE, and what a list says of a type stays so when a range
 * for another type is put before it.
 */
#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "accept.h"
#include "die.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char other[] = "image/png;a=\"b,c\\\"\";q=0.3,";
	struct span accept = {(const char *)data, len};
	bool named, again;
	int quality = accept_quality(accept, "application/json", &named);
	char *more = xmalloc(len + sizeof(other));

	assert(quality >= 0 && quality <= ACCEPT_QUALITY_ONE);
	memcpy(more, other, sizeof(other) - 1);
	if (len > 0)
		memcpy(more + sizeof(other) - 1, data, len);
	/* Blanks alone are an empty field, which wants everything. */
	if (len > 0 && more[sizeof(other) - 1] != ' ' &&
	    more[sizeof(other) - 1] != '\t')
		assert(
		    accept_quality((struct span){more, len + sizeof(other) - 1},
		        "application/json", &again) == quality &&
		    named == again);
	free(more);
	return 0;
}
