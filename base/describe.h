/* SPDX-License-Identifier: MIT */
/*
 * describe -- run "PROGRAM --describe" and keep what it prints.
 *
 * The program is taken for hostile: it gets no secret of ours, 2 s, and room
 * for 256 KiB, and then it is killed with its process group.
 */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "buf.h"

/* How it went. */
enum describe_end {
	DESCRIBE_OK,      /* it exited with 0 */
	DESCRIBE_REFUSED, /* with EXIT_USAGE: it printed what is wrong with it
	                   */
	DESCRIBE_FAILED,  /* anything else; problem says what */
};

/* What went wrong, for people: a text of at most size bytes. */
struct describe_problem {
	char *text;
	size_t size;
};

/* Fill in a problem; false, so that it can be returned. */
bool describe_bad(const struct describe_problem *problem, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

enum {
	DESCRIBE_MAX_BYTES = 256 * 1024, /* that it may print */
	DESCRIBE_MAX_MS = 2000,          /* that it may take */
};

/* answer is a buffer of the caller's, new, for DESCRIBE_MAX_BYTES. */
enum describe_end describe_run(const char *program, struct buf *answer,
    const struct describe_problem *problem) MUST_CHECK;

#endif /* DESCRIBE_H */
