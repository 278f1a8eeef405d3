/* SPDX-License-Identifier: MIT */
/* test-record -- FastCGI records, byte for byte as the specification has
 * them. */
#include "record.h"

#include <string.h>

#include "tap.h"

static void
test_stdout(unsigned id, size_t len, const char *want, const char *name)
{
	unsigned char header[RECORD_HEADER_BYTES];

	record_stdout(header, id, len);
	tap_ok(memcmp(header, want, sizeof(header)) == 0, "%s", name);
}

int
main(void)
{
	static const char end[RECORD_END_BYTES + 1] = "\1\6\2\3\0\0\0\0"
	                                              "\1\3\2\3\0\x08\0\0"
	                                              "\0\0\0\0\0\0\0\0";
	unsigned char bytes[RECORD_END_BYTES];

	test_stdout(1, 0, "\1\6\0\1\0\0\0\0", "an empty record");
	test_stdout(1, 255, "\1\6\0\1\0\xff\0\0", "one of 255 bytes");
	test_stdout(0x102, 0x304, "\1\6\1\2\3\4\0\0", "high bytes first");
	test_stdout(0xffff, RECORD_CONTENT_MAX, "\1\6\xff\xff\xff\xf8\0\0",
	    "the largest");
	record_end(bytes, 0x203);
	tap_ok(memcmp(bytes, end, sizeof(bytes)) == 0, "the end of a response");
	return tap_done();
}
