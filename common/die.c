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

static void (*tell)(const char *why);

void
die_tell(void (*last_words)(const char *why))
{
	tell = last_words;
}

/* Only once: telling may find the next bug. */
static NORETURN void
die(const char *why)
{
	void (*told)(const char *) = tell;

	log_error("%s", why);
	tell = NULL;
	if (told != NULL)
		told(why);
	abort();
}

void
die_bug(const char *file, int line, const char *fmt, ...)
{
	const char *slash = strrchr(file, '/');
	char why[WHY_BYTES];
	va_list ap;
	int n;

	n = snprintf(why, sizeof(why),
	    "bug: %s:%d: ", slash != NULL ? slash + 1 : file, line);
	va_start(ap, fmt);
	if (n > 0 && (size_t)n < sizeof(why))
		vsnprintf(why + n, sizeof(why) - (size_t)n, fmt, ap);
	va_end(ap);
	die(why);
}

static void *
die_unless_memory(void *p, size_t n)
{
	char why[WHY_BYTES];

	if (p != NULL)
		return p;
	snprintf(why, sizeof(why), "out of memory: %zu bytes", n);
	die(why);
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
