/* SPDX-License-Identifier: MIT */
/*
 * budget -- the descriptors of mayflyd, counted before they are opened.
 *
 * A listening socket, an instance, a refusal and a client of the control
 * socket take what they need and give it back when it is closed.  Instances
 * leave a reserve: when there are too many, mayflyd can still accept a
 * connection to answer it with 503, and say what its status is.
 */
#ifndef BUDGET_H
#define BUDGET_H

#include "base.h"

enum {
	/* What instances leave, for refusals and clients of the control
	 * socket. */
	BUDGET_RESERVE = 64,
	/* What refusals leave: for these clients, and for what is open for a
	 * moment (a function's --describe, the pipe of a new instance). */
	BUDGET_MOMENTARY = 32,
};

/* What may still be opened: RLIMIT_NOFILE, less what is open now. */
void budget_open(void);

/* Take n, so that at least reserve are left.  False with errno EMFILE, and
 * nothing taken. */
bool budget_take(int n, int reserve) MUST_CHECK;

void budget_give(int n);

/* How many are left, for the status. */
int budget_left(void);

#endif /* BUDGET_H */
