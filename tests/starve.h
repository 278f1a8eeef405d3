/* SPDX-License-Identifier: MIT */
/*
 * starve -- memory that is out when a test wants it.
 *
 *	starve_begin(n, false);          the n-th allocation from here on fails
 *	starve_begin(n, true);           so do all that follow it
 *	...
 *	count = starve_end();            how many were asked for
 *
 * Stands before malloc(3), calloc(3) and realloc(3) of the whole program, its
 * libraries included, so the program must be linked dynamically.  A sanitizer
 * makes strdup(3) on its own: there those do not fail.
 */
#ifndef STARVE_H
#define STARVE_H

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"

/* A sanitizer ends the program otherwise, where a system would say no. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static long starve_count; /* allocations since starve_begin() */
static long starve_at;    /* the one that fails; 0 when none does */
static bool starve_after; /* the later ones, too */

static inline void
starve_begin(long n, bool later_ones)
{
	starve_count = 0;
	starve_after = later_ones;
	starve_at = n;
}

static inline long
starve_end(void)
{
	starve_at = 0;
	return starve_count;
}

static bool
starve_now(void)
{
	if (starve_at == 0)
		return false;
	starve_count++;
	if (starve_count != starve_at &&
	    !(starve_after && starve_count > starve_at))
		return false;
	errno = ENOMEM;
	return true;
}

/* A pointer to a function out of one to an object: POSIX, dlsym(). */
static void
starve_find(const char *name, void *function, size_t size)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(function, &found, size);
}

void *
malloc(size_t n)
{
	static void *(*next)(size_t);

	if (next == NULL)
		starve_find("malloc", &next, sizeof(next));
	return starve_now() ? NULL : next(n);
}

void *
calloc(size_t n, size_t size)
{
	static void *(*next)(size_t, size_t);

	if (next == NULL)
		starve_find("calloc", &next, sizeof(next));
	return starve_now() ? NULL : next(n, size);
}

void *
realloc(void *p, size_t n)
{
	static void *(*next)(void *, size_t);

	if (next == NULL)
		starve_find("realloc", &next, sizeof(next));
	return starve_now() ? NULL : next(p, n);
}

#endif /* STARVE_H */
