/* SPDX-License-Identifier: MIT */
/*
 * release -- one executable of one function: its socket, board, limits,
 * instances and counters.  Two releases of a function share nothing but its
 * name.  What happens to one when something happens is the table in service.c.
 *
 * It is started from STORE/HASH/NAME, which is never rewritten, and listens at
 * RUN_DIR/APP/NAME@HASH12.  The socket and the board are left with the keeper
 * (fdstore.h) and so are there again after mayflyd was killed; instances that
 * lived on are adopted, and leave when they have served what is queued.
 */
#ifndef RELEASE_H
#define RELEASE_H

#include "base.h"
#include "board.h"
#include "descriptor.h"
#include "fdstore.h"
#include "listener.h"
#include "loop.h"
#include "out.h"
#include "report.h"
#include "store.h"

enum {
	RELEASE_DESCRIPTORS = 3, /* of mayflyd: listener, board, ready */
	RELEASE_STRIKES = 3,     /* crashes in a row before backing off */
};

struct instance;

/*
 *	        connection        last one gone
 *	COLD ---------------> WARM -----------> COLD
 *	                       | RELEASE_STRIKES crashes in a row, unless dev
 *	                       v
 *	                    BACKOFF -- time is over --> COLD or WARM
 *	any -- stop --> DRAINING -- last one gone, queue empty --> GONE
 */
enum release_state {
	RELEASE_COLD,
	RELEASE_WARM,
	RELEASE_BACKOFF,
	RELEASE_DRAINING,
	RELEASE_GONE,
	RELEASE_STATES
};

/* What it is for. */
enum release_use {
	RELEASE_STAGED,  /* has its socket, and no link leads there */
	RELEASE_CURRENT, /* what nginx reaches as fn/NAME.sock */
	RELEASE_CANARY,  /* what it reaches as fn/NAME~canary.sock */
	RELEASE_LEAVING, /* serves what is queued */
	RELEASE_USES
};

struct release {
	char name[DESCRIPTOR_NAME_MAX + 1];
	char hash[STORE_HASH_CHARS + 1];
	char version[STORE_SHORT_CHARS + 1]; /* HASH12 */
	char path[LISTENER_PATH_MAX];        /* of its socket */
	struct descriptor *descriptor;       /* without statements */
	enum release_use use;
	enum release_state state;
	bool bound; /* the file at path is ours */
	bool kept;  /* the names of socket and board at the keeper are ours */
	struct watch listener;
	struct watch ready; /* an eventfd that new instances write */
	int board_fd;
	struct board *board;
	struct instance *instances[BOARD_SLOTS];
	int live, max;
	int64_t idle_ns;
	int64_t due_ns;    /* when a timer is due */
	int64_t linger_ns; /* stopped, it takes connections until then */
	int strikes;       /* crashes since a request was answered */
	char struck[RELEASE_STRIKES][BOARD_ID_BYTES]; /* inside of which */
	int64_t backoff_ms; /* the last one; 0 when all is well */
	int64_t backoff_end_ns;
	uint64_t served_at_crash;
};

/*
 * Open one, or take up what was left of it.  RELEASE_LEAVING: only what was
 * left of it, to serve what is queued there.  NULL, with a reason for people in
 * problem (size bytes).
 */
struct release *release_open(const char *name, const char *hash,
    enum release_use use, char *problem, size_t size) MUST_CHECK;

/* The settings have changed: what follows from them. */
void release_take_settings(struct release *r);

/* The first free slot gets a new instance.  False, logged, when the system
 * refuses. */
bool release_spawn(struct release *r);

/* An instance of slot n has ended. */
void release_forget(struct release *r, int n);

/* How many are in that state, as far as the board can be believed. */
int release_count(const struct release *r, enum board_state state);

/* Requests answered by it. */
uint64_t release_served(const struct release *r);

/* Take its path away. */
void release_unlink(struct release *r);

/* Let the keeper forget it: it is over, or another takes over its names. */
void release_unkeep(struct release *r);

/* What this one has done is counted as done by the other from now on. */
void release_bequeath(struct release *from, struct release *to);

/* What is handed on to a program executed in place: at most max into list;
 * returns how many. */
int release_hand_on(
    const struct release *r, struct fdstore_item *list, int max);

/* Members of an open object of the status: see control.h. */
void release_status(const struct release *r, struct out *o);

/* What the metrics say of it; points into r. */
struct report_function release_report(const struct release *r);

/* Accepts NULL.  Closes the socket; instances still there are killed. */
void release_close(struct release *r);

#endif /* RELEASE_H */
