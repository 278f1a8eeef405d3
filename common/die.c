/* SPDX-License-Identifier: MIT */
/*
 * die -- see die.h.
 *
 * malloc(0) may be NULL without an error, so 0 bytes are asked for as 1: NULL
 * then means one thing only.
 */
#include "die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

enum {
	WHY_BYTES = 512,
};

void
die_bug(const char *file, int line, const char *fmt, ...)
{
	const char *slash = strrchr(file, '/');
	char why[WHY_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	log_error("bug: %s:%d: %s", slash != NULL ? slash + 1 : file, line, why);
	abort();
}

static void *
die_unless_memory(void *p, size_t n)
{
	if (p == NULL) {
		log_error("out of memory: %zu bytes", n);
		abort();
	}
	return p;
}

void *
xmalloc(size_t n)
{
	return die_unless_memory(malloc(n > 0 ? n : 1), n);
}

void *
xrealloc(void *p, size_t n)
{
	return die_unless_memory(realloc(p, n > 0 ? n : 1), n);
}
