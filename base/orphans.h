/* SPDX-License-Identifier: MIT */
/*
 * orphans -- what an instance, or a program that is tried, leaves behind ends
 * with it.
 *
 * A function may fork.  Its children have its listening socket as descriptor 0:
 * left alone they would answer requests when its instance, or its release, has
 * long gone.  Those in the process group of the instance are killed with it
 * (runtime/instance.c).  Those that have left it (setsid(2), a double fork) are
 * made children of mayflyd by the kernel when their parents end, since mayflyd
 * is a subreaper (PR_SET_CHILD_SUBREAPER); here they are found and killed.  So
 * a function cannot leave a daemon behind.
 *
 * Found are the children of mayflyd that nobody has named with
 * orphans_except(). Killing one makes its children ours, hence again and again,
 * until there are none.  What forks faster than it is killed is not caught; a
 * cgroup of its own with cgroup.kill would do that, and is not used yet.
 * Without /proc/PID/task/PID/children (CONFIG_PROC_CHILDREN) mayflyd is no
 * subreaper, and what has left its group stays.
 */
#ifndef ORPHANS_H
#define ORPHANS_H

#include <sys/types.h>

#include "base.h"

enum {
	ORPHANS_LOOK_MIN_MS = 2,   /* between two looks; doubled */
	ORPHANS_LOOK_MAX_MS = 200, /* for one that cannot die yet */
	ORPHANS_END_MS = 2000,     /* for orphans_end() */
};

/* Once, before the first instance.  Children that are there already are no
 * orphans: somebody started them, and exec'd mayflyd.  Logs what is not to be
 * had. */
void orphans_open(void);

/* A child that is looked after, and is no orphan: from its start, and until it
 * has been waited for. */
void orphans_except(pid_t pid);
void orphans_forget(pid_t pid);

/* A process has ended that may leave some: look at the next orphans_tick(). */
void orphans_look(void);

/* Kill what there is; returns when to look again, or INT64_MAX. */
int64_t orphans_tick(int64_t now_ns);

/* For who has no other children any more: kill what there is, until there is
 * none, or ORPHANS_END_MS are over. */
void orphans_end(void);

#endif /* ORPHANS_H */
