/* SPDX-License-Identifier: MIT */
/* uuid -- version 7, of a time and 74 random bits: see uuid.h. */
#include "uuid.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "stamp.h"

enum {
	RANDOM_BYTES = 10,
};

void
uuid_text_of(const unsigned char bytes[UUID_BYTES], char out[UUID_TEXT_BYTES])
{
	static const char hex[] = "0123456789abcdef";

	for (int i = 0; i < UUID_BYTES; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = hex[bytes[i] >> 4];
		*out++ = hex[bytes[i] & 15];
	}
	*out = '\0';
}

void
uuid_text(
    int64_t unix_ms, const unsigned char random[10], char out[UUID_TEXT_BYTES])
{
	unsigned char bytes[UUID_BYTES];
	uint64_t ms = (uint64_t)unix_ms;

	for (int i = 0; i < 6; i++)
		bytes[i] = (unsigned char)(ms >> (40 - 8 * i));
	memcpy(bytes + 6, random, RANDOM_BYTES);
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x70); /* version 7 */
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80); /* variant 10 */
	uuid_text_of(bytes, out);
}

bool
uuid_new(char out[UUID_TEXT_BYTES])
{
	unsigned char random[RANDOM_BYTES];
	ssize_t n;

	/* So few bytes come whole; a signal can only interrupt the wait for
	 * the first entropy after boot: getrandom(2). */
	do
		n = getrandom(random, sizeof(random), 0);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(random)) {
		out[0] = '\0';
		return false;
	}
	uuid_text(stamp_unix_ms(), random, out);
	return true;
}

bool
uuid_read(struct span text, char out[UUID_TEXT_BYTES])
{
	if (text.len != UUID_TEXT_BYTES - 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		if (hyphen
		        ? c != '-'
		        : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		out[i] = c;
	}
	out[text.len] = '\0';
	return true;
}
