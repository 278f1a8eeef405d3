/* SPDX-License-Identifier: MIT */
/*
 * base -- what every file needs: attributes, array length, a span of text,
 * exit codes.
 *
 * The code in base/ serves daemons too, which may not die: nothing here aborts,
 * and what lacks memory says so.
 */
#ifndef BASE_H
#define BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define NORETURN __attribute__((noreturn))

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Exit codes of functions and daemons, after s6.  Those of the command line
 * are in cli/cli.h. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_USAGE = 100,  /* the command line or the configuration is wrong */
	EXIT_SYSTEM = 111, /* the system refused something it needs */
};

/* A part of a longer text, not NUL-terminated. */
struct span {
	const char *at;
	size_t len;
};

/* All of a text, without its NUL. */
static inline struct span
span_of(const char *text)
{
	return (struct span){text, strlen(text)};
}

#endif /* BASE_H */
