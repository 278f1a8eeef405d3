/* SPDX-License-Identifier: MIT */
/* test-buf -- base/buf: what fits, and the two ways not to. */
#include "buf.h"

#include <stdint.h>

#include "starve.h"
#include "tap.h"

static void
test_maximum(void)
{
	struct buf b = buf_new(5);

	buf_text(&b, "12345");
	tap_ok(!b.failed && !b.no_memory, "5 bytes fit into 5");
	tap_is_int((int64_t)b.size, 6, "and take 6, with the NUL");
	buf_text(&b, "");
	tap_ok(!b.failed, "nothing always fits");
	buf_text(&b, "6");
	tap_ok(b.failed && !b.no_memory, "a sixth is too large");
	tap_is_text(b.data, "12345", "and is left out");
	buf_reset(&b);
	buf_format(&b, "%d", 123456);
	tap_ok(b.failed && !b.no_memory, "the same by format");
	tap_is_text(b.data, "", "and nothing of it is left");
	buf_reset(&b);
	buf_format(&b, "%d", 12345);
	tap_ok(!b.failed, "5 by format");
	tap_is_text(b.data, "12345", "are there");
	buf_free(&b);
}

/* The same text whichever way the buffer had to grow. */
static void
test_growth(void)
{
	struct buf b = buf_new(1 << 20);
	int wrong = 0;

	for (int i = 0; i < 20000; i++)
		buf_format(&b, "%05d,", i);
	tap_is_int((int64_t)b.len, 120000, "20000 numbers");
	for (int i = 0; i < 20000 && b.len == 120000; i++) {
		char want[8];

		snprintf(want, sizeof(want), "%05d,", i);
		wrong += memcmp(b.data + (size_t)i * 6, want, 6) != 0;
	}
	tap_is_int(wrong, 0, "are all there");
	buf_reset(&b);
	tap_ok(b.data == NULL && b.size == 0, "much memory is given back");
	buf_free(&b);
}

/* Sums that would begin again at 0. */
static void
test_sizes(void)
{
	struct buf b = buf_new(SIZE_MAX);

	tap_ok(buf_room(&b, SIZE_MAX) == NULL, "no room for everything");
	tap_ok(b.failed && b.no_memory, "for lack of memory");
	buf_reset(&b);
	buf_text(&b, "x");
	tap_ok(buf_room(&b, SIZE_MAX - 1) == NULL, "nor for the rest of it");
	tap_ok(b.failed && b.no_memory, "for lack of memory");
	buf_reset(&b);
	tap_ok(buf_room(&b, SIZE_MAX / 2 + 2) == NULL, "nor for half of it");
	tap_ok(b.failed && b.no_memory, "for lack of memory");
	buf_free(&b);
	b = buf_new(100);
	tap_ok(buf_room(&b, SIZE_MAX) == NULL, "beyond a maximum");
	tap_ok(b.failed && !b.no_memory, "it is too large");
	buf_free(&b);
}

static void
test_memory(void)
{
	struct buf b = buf_new(1 << 20);

	starve_begin(1, true);
	buf_text(&b, "x");
	starve_end();
	tap_ok(b.failed && b.no_memory, "no memory at first");
	tap_ok(b.data == NULL && b.len == 0, "and nothing is there");
	buf_text(&b, "y");
	tap_ok(b.failed && b.len == 0, "a failure sticks");
	buf_format(&b, "%d", 1);
	tap_ok(b.no_memory && b.len == 0, "and its reason");
	buf_reset(&b);
	tap_ok(!b.failed && !b.no_memory, "until the reset");
	buf_text(&b, "abc");
	starve_begin(1, true);
	buf_format(&b, "%2000d", 1);
	starve_end();
	tap_ok(b.failed && b.no_memory, "no memory to grow");
	tap_is_text(b.data, "abc", "what was there stays");
	buf_free(&b);
	tap_ok(!b.failed && !b.no_memory, "free forgets it");
	buf_text(&b, "z");
	tap_is_text(b.data, "z", "and it can be used again");
	buf_free(&b);
}

int
main(void)
{
	test_maximum();
	test_growth();
	test_sizes();
	test_memory();
	return tap_done();
}
