/* SPDX-License-Identifier: MIT */
/*
 * program -- run another program to its end: no shell, nothing of ours open in
 * it, and a deadline.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "base.h"

/*
 * Run argv (up to NULL; argv[0] is a path, or found in PATH) with environment
 * (NULL: ours), standard input from /dev/null.  What it writes to standard
 * output and error is in said (size bytes, cut, NUL-terminated).  *status is
 * its exit code, or 128 and a signal.  False when it cannot be run, or was
 * killed at the deadline; said has the reason.
 */
bool program_run(const char *const *argv, char *const *environment,
    int64_t deadline_ms, char *said, size_t size, int *status) MUST_CHECK;

#endif /* PROGRAM_H */
