/* SPDX-License-Identifier: MIT */
/*
 * descriptors -- what a program inherits that nobody meant it to have.
 *
 * Whoever starts a daemon may have files open that the daemon, and each program
 * that it starts, could read.
 */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include "base.h"

/* Close all above last.  Only system calls: may stand between vfork(2) and
 * execve(2).  Kept: above the hard limit of RLIMIT_NOFILE and where the kernel
 * lacks close_range(2), before 5.9. */
void descriptors_close_above(int last);

#endif /* DESCRIPTORS_H */
