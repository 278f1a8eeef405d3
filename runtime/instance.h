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
	int control; /* our end of its control pipe; -1: it knows none */
	struct board_slot *slot;
	int64_t started_ns;
	int64_t asked_ns; /* when it was asked to leave; 0 for not yet */
	bool killed;      /* by us, past a deadline */
	/* When it was woken for a connection, 0 for not since it has done
	 * something; and what the board said then. */
	int64_t nudged_ns, nudged_since_ns;
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
	bool known; /* not of one that another mayflyd started */
	int code;   /* the exit code, or the signal */
	bool signaled;
};

/* Once, before the first: make what all of them share, the table of the rate
 * limits, or take it over.  False with errno. */
bool instance_open(void) MUST_CHECK;

struct fdstore_item;

/* The memfd of the rate limits, for who is executed in our place.  Returns how
 * many of max. */
int instance_hand_on(struct fdstore_item *list, int max);

/*
 * Start one in slot number n of the board.  on_exit(owner) is called when it
 * may have ended: see instance_ended().  NULL with errno when the system, or
 * the budget of descriptors, refuses; nothing is left behind.
 */
struct instance *instance_start(const struct instance_plan *plan,
    struct board *board, int n, void (*on_exit)(void *owner, uint32_t events),
    void *owner) MUST_CHECK;

/*
 * The process that the board has in slot n, when it lives and runs program: one
 * that an earlier mayflyd started.  control is our end of its control pipe, or
 * -1: then it leaves by itself.  NULL when there is none; control is closed.
 */
struct instance *instance_adopt(struct board *board, int n, const char *program,
    int control, void (*on_exit)(void *owner, uint32_t events),
    void *owner) MUST_CHECK;

/*
 * Its state, as far as the board can be believed.  age_ns, unless NULL, is set
 * to how long it has been in it, 0 or more; a time that has not come yet
 * counts as the start of the instance.
 */
enum board_state instance_state(const struct instance *i, int64_t *age_ns);

/* Write a wish and wake it. */
void instance_ask(struct instance *i, enum board_ask ask);

/*
 * Wake it to look at the queue, when it is idle.  False when it is not, or was
 * woken more than patience_ns ago and has done nothing since: it is not to be
 * counted on.
 */
bool instance_nudge(struct instance *i, int64_t patience_ns);

/* Whether it was woken for a connection and has done nothing since. */
bool instance_is_deaf(const struct instance *i);

/* SIGKILL, past a deadline, and to its process group. */
void instance_kill(struct instance *i);

/* Whether it has ended, and how; its process group is killed then, and its CPU
 * time goes to its slot. */
bool instance_ended(
    const struct instance *i, struct instance_end *end) MUST_CHECK;

/* Close and free; accepts NULL.  The process has ended, or is killed and will
 * be waited for as an orphan. */
void instance_free(struct instance *i);

#endif /* INSTANCE_H */
