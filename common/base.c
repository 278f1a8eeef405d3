/* SPDX-License-Identifier: MIT */
/*
 * base -- allocation that ends the process instead of failing.
 *
 * malloc(0) may be NULL without an error, so 0 bytes are asked for as 1: NULL
 * then means one thing only.
 */
#include "base.h"

#include <stdio.h>
#include <stdlib.h>

static void *
checked(void *p, size_t n)
{
	if (p == NULL) {
		fprintf(stderr, "out of memory: %zu bytes\n", n);
		abort();
	}
	return p;
}

void *
xmalloc(size_t n)
{
	return checked(malloc(n > 0 ? n : 1), n);
}

void *
xrealloc(void *p, size_t n)
{
	return checked(realloc(p, n > 0 ? n : 1), n);
}
