/* SPDX-License-Identifier: MIT */
/*
 * hold_store -- the descriptors that mayfly-hold keeps for its program.
 *
 * They are the numbers from HOLD_STORE_FIRST on, without a gap, as the program
 * is to have them (sd_listen_fds(3)): whoever executes it moves nothing.  So
 * all else of the holder has to be above them, and what it opens for a moment
 * is closed before the next one comes.
 */
#ifndef HOLD_STORE_H
#define HOLD_STORE_H

#include "base.h"

enum {
	HOLD_STORE_MAX = 4096, /* descriptors; fewer with a lower RLIMIT_NOFILE
	                          (fdstore.h: FDSTORE_MAX) */
	HOLD_STORE_FIRST = 3,  /* SD_LISTEN_FDS_START */
	/* Of others: what a message can bring (SCM_MAX_FD, unix(7)), and ours.
	 */
	HOLD_STORE_SPARE = 253 + 11,
};

/* Raise RLIMIT_NOFILE as far as it may, close every descriptor above 2, and see
 * how many can be kept. */
void hold_store_open(void);

/* Move one of ours out of the way.  The new number, or -1 with errno. */
int hold_store_above(int fd) MUST_CHECK;

/* Take fd.  One that is kept with that name already is closed, and all is well.
 * False when there is no room: it is closed. */
bool hold_store_add(struct span name, int fd) MUST_CHECK;

/* Close all of that name. */
void hold_store_remove(struct span name);

int hold_store_count(void);

/* In the program's process, before execve(2): put all into its environment and
 * let them pass.  False with errno. */
bool hold_store_hand_down(void) MUST_CHECK;

void hold_store_close(void);

#endif /* HOLD_STORE_H */
