/* SPDX-License-Identifier: MIT */
/*
 * tap -- results of a C test in TAP, the Test Anything Protocol.
 *
 *	tap_ok(a == b, "a is b");
 *	tap_is_int(url_match(...), 2, "two params");
 *	return tap_done();
 *
 * Each call prints one result and says whether it passed.  Names are printf
 * formats.  For a loop over thousands of inputs, count the failures, explain
 * them with tap_note() and give one result.  One test is one program, so the
 * counters are in this header.
 */
#ifndef TAP_H
#define TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base.h"

static int tap_count;
static int tap_failures;

/* A line of explanation, not a result. */
static inline void PRINTF_LIKE(1, 2) tap_note(const char *fmt, ...)
{
	va_list args;

	printf("# ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	fflush(stdout); /* so that a crash leaves what was said before it */
}

static inline bool PRINTF_LIKE(2, 0)
    tap_result(bool passed, const char *fmt, va_list args)
{
	if (!passed)
		tap_failures++;
	printf("%sok %d - ", passed ? "" : "not ", ++tap_count);
	vprintf(fmt, args);
	printf("\n");
	fflush(stdout);
	return passed;
}

static inline bool PRINTF_LIKE(2, 3) tap_ok(bool passed, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tap_result(passed, fmt, args);
	va_end(args);
	return passed;
}

static inline bool PRINTF_LIKE(3, 4)
    tap_is_int(int64_t got, int64_t want, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tap_result(got == want, fmt, args);
	va_end(args);
	if (got != want)
		tap_note("got %" PRId64 ", want %" PRId64, got, want);
	return got == want;
}

/* Two texts; NULL is equal to NULL only. */
static inline bool PRINTF_LIKE(3, 4)
    tap_is_text(const char *got, const char *want, const char *fmt, ...)
{
	bool same =
	    got != NULL && want != NULL ? strcmp(got, want) == 0 : got == want;
	va_list args;

	va_start(args, fmt);
	tap_result(same, fmt, args);
	va_end(args);
	if (!same)
		tap_note("got \"%s\", want \"%s\"",
		    got != NULL ? got : "(NULL)",
		    want != NULL ? want : "(NULL)");
	return same;
}

/* A result that could not be had here, and why. */
static inline void
tap_skip(const char *why)
{
	printf("ok %d # SKIP %s\n", ++tap_count, why);
	fflush(stdout);
}

/* Announce n results; not needed when tap_done() is called. */
static inline void
tap_plan(int n)
{
	printf("1..%d\n", n);
}

/* Print the plan at the end; what main() returns. */
static inline int
tap_done(void)
{
	tap_plan(tap_count);
	return tap_failures == 0 ? 0 : 1;
}

#endif /* TAP_H */
