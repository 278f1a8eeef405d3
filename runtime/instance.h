/* SPDX-License-Identifier: MIT */
/*
 * instance -- one process of a function: start it, ask it, kill it, and hear
 * of its end.  What an instance inherits is in base/board.h.
 */
#ifndef INSTANCE_H
#define INSTANCE_H

#include <sys/types.h>

#include "base.h"
#include "board.h"
#include "loop.h"

struct fn_limits;

struct instance {
	struct watch exit; /* its pidfd */
	pid_t pid;
	int control; /* our end of its control pipe */
	struct board_slot *slot;
	int64_t started_ns;
	int64_t asked_ns; /* when it was asked to leave; 0 for not yet */
	bool killed;      /* by us, past a deadline */
};

enum {
	INSTANCE_DESCRIPTORS = 2, /* of mayflyd: exit and control */
};

/* What all instances of a function start from. */
struct instance_plan {
	const char *program;
	const char *name;
	const struct fn_limits *limits;
	int listener, board, ready;
	char *const *settings; /* of the function's own */
	int nsettings;
};

/* How it ended. */
struct instance_end {
	int code; /* the exit code, or the signal */
	bool signaled;
};

/* Once, before the first: make what all of them share, the table of the rate
 * limits.  False with errno. */
bool instance_open(void) MUST_CHECK;

/*
 * Start one in slot number n of the board.  on_exit(owner) is called when it
 * may have ended: see instance_ended().  NULL with errno when the system, or
 * the budget of descriptors, refuses; nothing is left behind.
 */
struct instance *instance_start(const struct instance_plan *plan,
    struct board *board, int n, void (*on_exit)(void *owner, uint32_t events),
    void *owner) MUST_CHECK;

/*
 * Its state, as far as the board can be believed.  age_ns, unless NULL, is set
 * to how long it has been in it, 0 or more; a time that has not come yet
 * counts as the start of the instance.
 */
enum board_state instance_state(const struct instance *i, int64_t *age_ns);

/* Write a wish and wake it.  BOARD_GO_ON only wakes it: look at the queue. */
void instance_ask(struct instance *i, enum board_ask ask);

/* SIGKILL, past a deadline. */
void instance_kill(struct instance *i);

/* Whether it has ended, and how; its CPU time goes to its slot. */
bool instance_ended(
    const struct instance *i, struct instance_end *end) MUST_CHECK;

/* Close and free; accepts NULL.  The process must have ended. */
void instance_free(struct instance *i);

#endif /* INSTANCE_H */
