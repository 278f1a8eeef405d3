/* SPDX-License-Identifier: MIT */
/* test-record -- FastCGI records, byte for byte as the specification has
 * them; those that come at a guard page. */
#include "record.h"

#include <string.h>

#include "guard.h"
#include "tap.h"

static void
test_stdout(unsigned id, size_t len, const char *want, const char *name)
{
	unsigned char header[RECORD_HEADER_BYTES];

	record_stdout(header, id, len);
	tap_ok(memcmp(header, want, sizeof(header)) == 0, "%s", name);
}

static void
test_parse(void)
{
	struct guard guard = guard_new(RECORD_HEADER_BYTES);
	struct record r;

	tap_ok(record_parse((unsigned char *)guard_tail(
	                        &guard, "\1\4\x12\x34\xff\xfe\xfd\0", 8),
	           &r) &&
	           r.type == 4 && r.id == 0x1234 && r.len == 0xfffe &&
	           r.padding == 0xfd,
	    "a header is read");
	tap_ok(
	    !record_parse(
	        (unsigned char *)guard_tail(&guard, "\2\4\0\1\0\0\0\0", 8), &r),
	    "not one of another version");
	tap_is_int(record_role((unsigned char *)guard_tail(
	               &guard, "\1\2\0\0\0\0\0\0", 8)),
	    0x102, "the role");
}

static void
test_pair(void)
{
	static const struct {
		const char *bytes;
		size_t len, want, name, value;
	} rows[] = {
	    {"", 0, 0, 0, 0},
	    {"\1", 1, 0, 0, 0},
	    {"\1\2", 2, 2, 1, 2},
	    {"\177\0Abc", 5, 2, 127, 0},
	    {"\1\x80\0\0", 4, 0, 0, 0},
	    {"\1\x80\0\0\x80", 5, 5, 1, 128},
	    {"\x80\0\0", 3, 0, 0, 0},
	    {"\x80\0\1\2", 4, 0, 0, 0},
	    {"\x80\0\1\2\3", 5, 5, 0x102, 3},
	    {"\xff\xff\xff\xfe\xff\xff\xff\xff", 8, 8, 0x7ffffffe, 0x7fffffff},
	};
	struct guard guard = guard_new(RECORD_PAIR_BYTES);
	size_t name, value, n;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		name = value = 0;
		n = record_pair((struct span){guard_tail(&guard, rows[i].bytes,
		                                  rows[i].len),
		                    rows[i].len},
		    &name, &value);
		tap_ok(n == rows[i].want && name == rows[i].name &&
		           value == rows[i].value,
		    "lengths, row %zu", i);
	}
}

static void
test_replies(void)
{
	static const char values[] = "\1\x0a\0\0\0\x33\5\0"
	                             "\x0e\1FCGI_MAX_CONNS1"
	                             "\x0d\1FCGI_MAX_REQS1"
	                             "\x0f\1FCGI_MPXS_CONNS0\0\0\0\0";
	unsigned char bytes[RECORD_VALUES_BYTES];
	const char name[] = "FCGI_MAX_REQS";

	tap_is_int((int64_t)record_values(bytes, 7), RECORD_VALUES_BYTES,
	    "all values");
	tap_ok(memcmp(bytes, values, sizeof(values)) == 0, "as they are");
	tap_is_int(
	    (int64_t)record_values(bytes, 0), RECORD_HEADER_BYTES, "no value");
	tap_is_int(record_value((struct span){name, sizeof(name) - 1}),
	    RECORD_VALUE_REQS, "a name");
	tap_is_int(record_value((struct span){name, sizeof(name) - 2}), 0,
	    "not the beginning of one");
	record_unknown(bytes, 99);
	tap_ok(memcmp(bytes, "\1\x0b\0\0\0\x08\0\0\x63\0\0\0\0\0\0\0",
	           RECORD_REFUSAL_BYTES) == 0,
	    "an unknown type");
	record_refuse(bytes, 0x203, RECORD_CANT_MULTIPLEX);
	tap_ok(memcmp(bytes, "\1\3\2\3\0\x08\0\0\0\0\0\0\1\0\0\0",
	           RECORD_REFUSAL_BYTES) == 0,
	    "a refusal");
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
	test_parse();
	test_pair();
	test_replies();
	return tap_done();
}
