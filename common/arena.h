/* SPDX-License-Identifier: MIT */
/*
 * arena -- memory that lives as long as one request.
 *
 * Take as much as needed, free nothing; arena_reset() takes all of it back at
 * once.  A request that wants more than its maximum aborts the function: every
 * input has a limit of its own, so that can only be a bug.
 */
#ifndef ARENA_H
#define ARENA_H

#include "base.h"

struct arena; /* private to arena.c */

/* An arena of at most max_bytes.  Aborts when memory is out. */
struct arena *arena_new(size_t max_bytes);

/* n bytes, zeroed, aligned for any type, valid until arena_reset(). */
void *arena_alloc(struct arena *a, size_t n) MUST_CHECK;

/* A NUL-terminated copy of len bytes of s. */
char *arena_copy(struct arena *a, const char *s, size_t len) MUST_CHECK;

/* printf into the arena; the text is NUL-terminated. */
char *arena_format(struct arena *a, const char *fmt, ...) MUST_CHECK
    PRINTF_LIKE(2, 3);

/* Give everything back, but keep one block for the next request. */
void arena_reset(struct arena *a);

/* Accepts NULL. */
void arena_free(struct arena *a);

#endif /* ARENA_H */
