/* SPDX-License-Identifier: MIT */
/*
 * fdstore -- descriptors that outlive mayflyd: handed over at its start, and
 * left with its keeper while it runs.
 *
 * The keeper is systemd (FileDescriptorStoreMax=) or mayfly-hold; both speak
 * sd_notify(3) on the way up and sd_listen_fds(3) on the way down.  What it
 * keeps is there again after mayflyd was killed.  A mayflyd that executes
 * another in its place hands on more: fdstore_exec().
 *
 * A name is unique: 1 to FDSTORE_NAME_MAX bytes, graphic ASCII without ':'.
 *	rates		the memfd of the rate limits
 *	lock, control	RUN_DIR/mayflyd.lock and mayflyd.sock (at exec only)
 *	HASH12.l	the listening socket of a release
 *	HASH12.b	its board
 *	HASH12.cNN	the control pipe of the instance in slot NN (at exec
 *			only: with nobody behind it an instance has to leave)
 *
 * Nothing here waits.  Messages to the keeper queue up until it reads them.
 */
#ifndef FDSTORE_H
#define FDSTORE_H

#include "base.h"

enum {
	/* Descriptors with a keeper: FileDescriptorStoreMax=. */
	FDSTORE_MAX = 4096,
	/* Descriptors handed on at an exec: those, and control pipes. */
	FDSTORE_ITEMS_MAX = 16384,
	/* Bytes of a name: FDSTORE_MAX of them with a ':' each, as
	 * LISTEN_FDNAMES, are less than MAX_ARG_STRLEN (execve(2)). */
	FDSTORE_NAME_MAX = 30,
	/* Messages to the keeper that wait. */
	FDSTORE_QUEUE_MAX = 8192,
	/* Between two tries when the system, not the keeper, is short of
	 * something. */
	FDSTORE_RETRY_MS = 20,
	/* The first number of what was handed over, so that instances have
	 * theirs (board.h), and budget_open() does not count these: whoever
	 * takes one takes it from the budget. */
	FDSTORE_FIRST = 64,
};

struct fdstore_item {
	int fd;
	char name[FDSTORE_NAME_MAX + 1];
};

/*
 * First of all at start-up: find what was handed over (LISTEN_FDS,
 * LISTEN_PID and LISTEN_FDNAMES, or MAYFLY_INHERIT after fdstore_exec()) and
 * close every other descriptor above 2.  Each gets a number from FDSTORE_FIRST
 * on, and close-on-exec.  Those variables and NOTIFY_SOCKET are taken out of
 * the environment.  Raises RLIMIT_NOFILE as far as it may.  Of two with one
 * name only the last is kept.  False with errno: nothing can be relied on.
 */
bool fdstore_open(void) MUST_CHECK;

/* The descriptor handed over with that name; it is the caller's now.  -1 when
 * there is none. */
int fdstore_take(const char *name) MUST_CHECK;

/* The name of one that nobody has taken yet, to look through them all: i is 0,
 * 1, ...; NULL behind the last.  Taking one leaves the others where they are:
 * an i whose descriptor was taken gives "". */
const char *fdstore_name(int i);

/* Close what nobody took, and let the keeper forget it. */
void fdstore_close_rest(void);

/*
 * Let the keeper keep fd, which stays the caller's, and stays open until
 * fdstore_forget().  What was taken from the keeper is still kept: this need
 * not be called again.  False, logged once, without a keeper or when too many
 * messages wait: it works, but does not outlive mayflyd.
 */
bool fdstore_keep(const char *name, int fd);

/* Before it is closed.  A name that is not kept does no harm. */
void fdstore_forget(const char *name);

/* Tell the keeper.  Without one these do nothing. */
void fdstore_ready(void);
void fdstore_status(const char *text);
void fdstore_stopping(void);

/* Send what waits; returns when to call it again, or INT64_MAX. */
int64_t fdstore_tick(int64_t now_ns);

/* Whether nothing waits to be sent. */
bool fdstore_sent(void) MUST_CHECK;

/*
 * Execute program in place of this one, with argv, the environment we were
 * given and the n descriptors of list (copies are not made; others that are
 * close-on-exec are gone).  Returns only when that fails: false with errno, and
 * everything is as before.  Call it when fdstore_sent(): what waits is lost.
 */
bool fdstore_exec(const char *program, char *const argv[],
    const struct fdstore_item *list, int n) MUST_CHECK;

#endif /* FDSTORE_H */
