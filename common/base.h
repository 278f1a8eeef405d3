/* SPDX-License-Identifier: MIT */
/*
 * base -- what every file needs: attributes, array length, a span of text, and
 * allocation that does not fail in a function process.
 *
 * A function may die of a lack of memory (mayflyd starts another), so it uses
 * the x_ calls.  A daemon may not: it calls malloc() and sheds one client.
 */
#ifndef BASE_H
#define BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define NORETURN __attribute__((noreturn))

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Exit codes of every program, after s6. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_USAGE = 100,  /* the command line or the configuration is wrong */
	EXIT_BUG = 101,    /* a promise inside the program was broken */
	EXIT_SYSTEM = 111, /* the system refused something it needs */
};

/* A part of a longer text, not NUL-terminated. */
struct span {
	const char *at;
	size_t len;
};

/* n bytes, never NULL: aborts when memory is out. */
void *xmalloc(size_t n) MUST_CHECK __attribute__((malloc));
void *xrealloc(void *p, size_t n) MUST_CHECK;

#endif /* BASE_H */
