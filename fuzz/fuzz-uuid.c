/* SPDX-License-Identifier: MIT */
/*
 * fuzz-uuid -- any bytes as a UUID, and, eight and ten of them, as time and
 * random bits of one.  What must hold: exactly what a second reader accepts is
 * accepted, which reads the five numbers; it is the text in small letters and
 * reads as itself; what is made is read and has its version.
 */
#undef NDEBUG
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "uuid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* text ends in a NUL.  What it is in small letters goes to out. */
static bool
second_reader(const char *text, char out[64])
{
	static const size_t lengths[] = {8, 4, 4, 4, 12};
	uint64_t numbers[LENGTH(lengths)];

	for (size_t i = 0; i < LENGTH(lengths); i++) {
		if (i > 0 && *text++ != '-')
			return false;
		if (strspn(text, "0123456789abcdefABCDEF") != lengths[i])
			return false;
		numbers[i] = strtoull(text, NULL, 16);
		text += lengths[i];
	}
	snprintf(out, 64,
	    "%08" PRIx64 "-%04" PRIx64 "-%04" PRIx64 "-%04" PRIx64
	    "-%012" PRIx64,
	    numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
	return *text == '\0';
}

static void
check_read(const uint8_t *data, size_t len)
{
	char out[UUID_TEXT_BYTES], again[UUID_TEXT_BYTES], text[64] = "";
	char want[64];
	bool fine = uuid_read((struct span){(const char *)data, len}, out);

	if (len >= sizeof(text)) {
		assert(!fine);
		return;
	}
	if (len > 0)
		memcpy(text, data, len);
	assert(fine == (strlen(text) == len && second_reader(text, want)));
	if (!fine)
		return;
	assert(strcmp(out, want) == 0 && strcasecmp(out, text) == 0);
	assert(uuid_read((struct span){out, strlen(out)}, again));
	assert(strcmp(out, again) == 0);
}

static void
check_made(const uint8_t *data)
{
	char out[UUID_TEXT_BYTES], again[UUID_TEXT_BYTES];
	int64_t unix_ms;

	memcpy(&unix_ms, data, sizeof(unix_ms));
	uuid_text(unix_ms, data + sizeof(unix_ms), out);
	assert(strlen(out) == UUID_TEXT_BYTES - 1);
	assert(out[14] == '7' && strchr("89ab", out[19]) != NULL);
	assert(uuid_read((struct span){out, UUID_TEXT_BYTES - 1}, again));
	assert(strcmp(out, again) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	check_read(data, len);
	if (len >= sizeof(int64_t) + 10)
		check_made(data);
	return 0;
}
