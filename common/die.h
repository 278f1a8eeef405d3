/* SPDX-License-Identifier: MIT */
/*
 * die -- how a function ends that cannot go on: with a line in its log that
 * says where and why, by SIGABRT.  mayflyd puts another in its place.
 */
#ifndef DIE_H
#define DIE_H

#include "base.h"

/* A promise inside the program is broken: bug("row %d of %d", row, n).  The
 * line names this file and line, and the request. */
#define bug(...) die_bug(__FILE__, __LINE__, __VA_ARGS__)
NORETURN void die_bug(const char *file, int line, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* Who else is told why, before the end; NULL for nobody. */
void die_tell(void (*last_words)(const char *why));

/* n bytes, never NULL: the process ends when memory is out. */
void *xmalloc(size_t n) MUST_CHECK __attribute__((malloc));
void *xrealloc(void *p, size_t n) MUST_CHECK;

#endif /* DIE_H */
