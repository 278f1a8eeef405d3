/* SPDX-License-Identifier: MIT */
/* test-arena -- memory is zeroed, aligned, apart, comes back at reset, and is
 * never more than the maximum. */
#include "arena.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

enum {
	BLOCK_BYTES = 16 * 1024, /* as in arena.c: what lies at its edges */
	MAX_BYTES = 1024 * 1024,
};

static bool
all_are(const unsigned char *p, unsigned char byte, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] != byte)
			return false;
	}
	return true;
}

/* Whether taking pieces of this size, count times, aborts. */
static bool
aborts(size_t size, int count)
{
	const struct rlimit none = {0, 0};
	struct arena *a;
	int status;
	pid_t child;

	child = fork();
	if (child == 0) {
		setrlimit(RLIMIT_CORE, &none);
		a = arena_new(MAX_BYTES);
		for (int i = 0; i < count; i++)
			memset(arena_alloc(a, size), 0xff, size);
		_exit(EXIT_OK);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return false;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
test_pieces(struct arena *a)
{
	bool zero = true, aligned = true, apart = true;
	unsigned char *pieces[400];

	for (int round = 0; round < 3; round++) {
		for (size_t n = 0; n < LENGTH(pieces); n++) {
			pieces[n] = arena_alloc(a, n);
			zero = zero && all_are(pieces[n], 0, n);
			aligned = aligned && (uintptr_t)pieces[n] % 16 == 0;
			memset(pieces[n], (int)(n % 255) + 1, n);
		}
		for (size_t n = 0; n < LENGTH(pieces); n++)
			apart = apart && all_are(pieces[n],
			                     (unsigned char)(n % 255 + 1), n);
		arena_reset(a);
	}
	tap_ok(zero, "memory is zeroed, also the second time");
	tap_ok(aligned, "and aligned to 16 bytes");
	tap_ok(apart, "and no piece lies in another");
}

static void
test_edges(struct arena *a)
{
	static const size_t sizes[] = {BLOCK_BYTES - 16, BLOCK_BYTES - 15,
	    BLOCK_BYTES, BLOCK_BYTES + 1, 900 * 1024};
	unsigned char *p, *q;
	bool whole = true;

	for (size_t i = 0; i < LENGTH(sizes); i++) {
		p = arena_alloc(a, sizes[i]);
		memset(p, 0xff, sizes[i]);
		q = arena_alloc(a, 16);
		whole =
		    whole && all_are(q, 0, 16) && all_are(p, 0xff, sizes[i]);
		arena_reset(a);
		p = arena_alloc(a, sizes[i]);
		whole = whole && all_are(p, 0, sizes[i]);
		arena_reset(a);
	}
	tap_ok(whole, "pieces about the size of a block, and far larger");
}

static void
test_text(struct arena *a)
{
	const char *text;
	char longer[5000];

	text = arena_copy(a, "abcdef", 3);
	tap_is_text(text, "abc", "a copy ends where it should");
	text = arena_copy(a, NULL, 0);
	tap_is_text(text, "", "a copy of nothing");
	text = arena_copy(a, "a\0b", 3);
	tap_ok(memcmp(text, "a\0b", 4) == 0, "a copy with a NUL in it");
	text = arena_format(a, "%s-%d", "x", 7);
	tap_is_text(text, "x-7", "text is formatted");
	text = arena_format(a, "%s", "");
	tap_is_text(text, "", "also none");
	memset(longer, 'y', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	text = arena_format(a, "%s%s%s%s", longer, longer, longer, longer);
	tap_is_int((int64_t)strlen(text), 4 * 4999, "also a long one");
	arena_reset(a);
}

static void
test_maximum(void)
{
	tap_ok(!aborts(MAX_BYTES - BLOCK_BYTES, 1), "as much as may be");
	tap_ok(aborts(MAX_BYTES - BLOCK_BYTES + 16, 1), "a little more aborts");
	tap_ok(aborts(MAX_BYTES + 1, 1), "more than the maximum aborts");
	tap_ok(aborts(SIZE_MAX, 1), "what would overflow aborts");
	tap_ok(aborts(SIZE_MAX - 15, 1), "so does what nearly would");
	tap_ok(!aborts(1024, MAX_BYTES / 1024), "small pieces up to it");
	tap_ok(aborts(1024, MAX_BYTES / 1024 + 1), "one more aborts");
	tap_ok(!aborts(8208, MAX_BYTES / 8208 - 2),
	    "what is over half a block takes no whole one");
}

int
main(void)
{
	struct arena *a = arena_new(MAX_BYTES);

	test_pieces(a);
	test_edges(a);
	test_text(a);
	for (int i = 0; i < 100; i++) {
		memset(arena_alloc(a, 900 * 1024), 0xff, 900 * 1024);
		arena_reset(a);
	}
	tap_ok(true, "a reset gives its memory back to the maximum");
	test_maximum();
	arena_free(a);
	arena_free(NULL);
	return tap_done();
}
