/* SPDX-License-Identifier: MIT */
/* test-arena -- memory is zeroed, aligned, apart, and comes back at reset. */
#include "arena.h"

#include <string.h>

#include "tap.h"

static bool
all_zero(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] != 0)
			return false;
	}
	return true;
}

int
main(void)
{
	struct arena *a = arena_new(1024 * 1024);
	bool zero = true, aligned = true, apart = true;
	unsigned char *p, *before = NULL;
	char *text;

	for (int round = 0; round < 3; round++) {
		for (size_t n = 0; n < 300; n++) {
			p = arena_alloc(a, n);
			zero = zero && all_zero(p, n);
			aligned = aligned && (uintptr_t)p % 16 == 0;
			memset(p, 0xff, n);
			apart = apart && p != before;
			before = n > 0 ? p : NULL;
		}
		arena_reset(a);
	}
	tap_ok(zero, "memory is zeroed, also the second time");
	tap_ok(aligned, "and aligned to 16 bytes");
	tap_ok(apart, "and each piece is its own");
	p = arena_alloc(a, 900 * 1024);
	memset(p, 0xff, 900 * 1024);
	tap_ok(true, "a piece larger than a block");
	arena_reset(a);
	p = arena_alloc(a, 900 * 1024);
	tap_ok(all_zero(p, 900 * 1024), "and again after a reset");
	text = arena_copy(a, "abcdef", 3);
	tap_is_text(text, "abc", "a copy ends where it should");
	text = arena_format(a, "%s-%d", "x", 7);
	tap_is_text(text, "x-7", "text is formatted");
	arena_reset(a);
	return tap_done();
}
