/* SPDX-License-Identifier: MIT */
/*
 * describe -- run "PROGRAM --describe" and keep what it prints; many programs
 * side by side.
 *
 * A program is taken for hostile: it gets no secret of ours, 2 s, and room
 * for 256 KiB, and then it is killed with its process group.  One that hangs
 * keeps one place of many, and no other from being described.
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
	DESCRIBE_AT_ONCE_MAX = 16,       /* of them run; no more than cores */
	DESCRIBE_PROBLEM_BYTES = 512,
};

/* One program, and what came of it. */
struct describe_job {
	const char *program;
	struct buf answer; /* the caller's to free */
	enum describe_end end;
	char problem[DESCRIBE_PROBLEM_BYTES];
};

/* Run n of them.  Only their programs are set before; all else is after. */
void describe_run(struct describe_job *jobs, int n);

#endif /* DESCRIBE_H */
