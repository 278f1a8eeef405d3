/* SPDX-License-Identifier: MIT */
/*
 * fuzz-email -- any bytes as an address.  What must hold: of ASCII, exactly
 * what a second reader accepts, which goes from byte to byte; of the rest,
 * nothing that is not UTF-8, has white space or a control character, or leaves
 * no ink; and no byte outside the text is read.
 */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "email.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool
is_alphanumeric(uint8_t c)
{
	return (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* For ASCII.  part is the number of bytes since the last dot. */
static bool
second_reader(const uint8_t *p, size_t len)
{
	size_t i = 0, part = 0, start;

	for (; i < len && p[i] != '@'; i++) {
		if (p[i] == '.' && part == 0)
			return false;
		if (p[i] != '.' && !is_alphanumeric(p[i]) &&
		    (p[i] <= ' ' || p[i] == 0x7f ||
		        strchr("\"(),:;<>@[\\]", p[i]) != NULL))
			return false;
		part = p[i] == '.' ? 0 : part + 1;
	}
	if (i == len || part == 0 || i > 64)
		return false;
	start = ++i;
	part = 0;
	for (; i < len; i++) {
		if (p[i] == '.') {
			if (part == 0 || p[i - 1] == '-')
				return false;
			part = 0;
			continue;
		}
		if (!is_alphanumeric(p[i]) && (p[i] != '-' || part == 0))
			return false;
		if (++part > 63)
			return false;
	}
	return part > 0 && p[len - 1] != '-' && len - start <= 255;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data;
	bool fine = email_is_address((struct span){s, len}), ascii = true;
	struct span rest = {s, len};
	int32_t c;

	for (size_t i = 0; i < len; i++)
		ascii = ascii && data[i] < 0x80;
	assert(!ascii || fine == second_reader(data, len));
	if (!fine)
		return 0;
	assert(len <= 64 + 1 + 255);
	assert(utf8_length(s, len) > 0 && !utf8_has_control(s, len));
	while (utf8_next(&rest, &c))
		assert(!utf8_is_invisible(c));
	return 0;
}
