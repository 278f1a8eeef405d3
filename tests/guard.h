/* SPDX-License-Identifier: MIT */
/*
 * guard -- bytes with a page beside them that must not be touched.
 *
 *	no access | bytes ...            | no access
 *	          ^ guard_head()   guard_tail() ^
 *
 * guard_tail() puts them so that one byte further is a crash, guard_head() so
 * that one byte before is: with or without sanitizers.  Each call overwrites
 * what the one before put there; two inputs at once need two guards.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base.h"

struct guard {
	char *data; /* between the two pages */
	size_t size;
};

/* A guard for inputs of at most max_bytes.  Lives until the process ends. */
static inline struct guard
guard_new(size_t max_bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct guard g;
	char *all;

	g.size = (max_bytes / page + 1) * page;
	all = mmap(NULL, g.size + 2 * page, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (all == MAP_FAILED ||
	    mprotect(all + page, g.size, PROT_READ | PROT_WRITE) != 0) {
		perror("guard");
		exit(EXIT_SYSTEM);
	}
	g.data = all + page;
	return g;
}

static inline char *
guard_put(const struct guard *g, size_t at, const void *bytes, size_t len)
{
	if (len > g->size) {
		fprintf(stderr, "guard: %zu bytes do not fit\n", len);
		exit(EXIT_SYSTEM);
	}
	/* Bytes of an earlier input must not look like more of this one. */
	memset(g->data, '\xa5', g->size);
	if (len > 0)
		memcpy(g->data + at, bytes, len);
	return g->data + at;
}

static inline char *
guard_tail(const struct guard *g, const void *bytes, size_t len)
{
	size_t at = len <= g->size ? g->size - len : 0;

	return guard_put(g, at, bytes, len);
}

static inline char *
guard_head(const struct guard *g, const void *bytes, size_t len)
{
	return guard_put(g, 0, bytes, len);
}

#endif /* GUARD_H */
