/* SPDX-License-Identifier: MIT */
/*
 * board -- the scoreboard of one function: what each instance is doing, and
 * what all of them have done.
 *
 * mayflyd makes one per function, in a memfd; each instance gets one slot and
 * alone writes it, but for ask and cpu_ns, which are mayflyd's, and pid, which
 * its process writes before it becomes the function.  Nobody waits on it: an
 * instance writes where it stands, mayflyd looks when a timer or an exit tells
 * it to.  An instance can damage the board of its own function, no other, so
 * mayflyd treats everything in it as a hint.
 *
 * The board outlives mayflyd and is shared with programs of other builds, so it
 * is a format: a header on a page of its own, then slots at a fixed stride.
 * What changes a place or a meaning in it takes the next BOARD_VERSION; who
 * maps one of another version refuses.  The room at the end of header and slot
 * is zero and may be given a meaning in which zero says nothing.
 *
 * Beside the board an instance inherits (numbers fixed at exec):
 *	0	the listening socket, non-blocking
 *	3	control: readable means look at ask; end of file means that
 *		mayflyd is gone: serve what is queued and leave
 *	4	the board's memfd
 *	5	an eventfd: the instance writes once, when it is ready
 *	6	the memfd of the rate limits: rate_table.h
 * and MAYFLY_SLOT in its environment, the number of its slot.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdatomic.h>

#include "base.h"

enum {
	BOARD_VERSION = 1,
	BOARD_PAGE = 4096,    /* bytes before the first slot */
	BOARD_STRIDE = 512,   /* bytes from slot to slot: eight cache lines */
	BOARD_SLOTS = 64,     /* instances of one function at once */
	BOARD_ID_BYTES = 129, /* a request id of 128 bytes and a NUL */
	BOARD_MAGIC_BYTES = 8,
	BOARD_CLASSES = 6,  /* of status: 1xx to 5xx; 0 is no answer */
	BOARD_BUCKETS = 27, /* of latency; see struct board_counts */
	BOARD_WHY_BYTES = 128,
	BOARD_FD_CONTROL = 3,
	BOARD_FD_BOARD = 4,
	BOARD_FD_READY = 5,
	BOARD_FD_RATE = 6,
};

/* What an instance does: starting -> idle <-> busy. */
enum board_state {
	BOARD_STARTING,
	BOARD_IDLE, /* waits for a connection; since_ns says since when */
	BOARD_BUSY, /* has accepted one; since_ns says when */
};

/* What mayflyd wants of it. */
enum board_ask {
	BOARD_GO_ON,
	BOARD_RETIRE, /* leave before the next request */
	BOARD_DRAIN,  /* serve what is queued, then leave */
};

/* What was done, since the board was made. */
struct board_counts {
	/* By the first digit of the status; [0] got no answer: it was dropped,
	 * its client did not take the answer, or the instance died. */
	_Atomic uint64_t requests[BOARD_CLASSES];
	_Atomic uint64_t dropped;   /* of requests[0]: not run, nobody waited */
	_Atomic uint64_t cpu_ns;    /* of processes that have ended */
	_Atomic uint64_t bytes_in;  /* bodies of requests */
	_Atomic uint64_t bytes_out; /* heads and bodies of answers */
	_Atomic uint64_t latency_ns; /* of all that were answered */
	/* Of those: [i] took at most 2^i us, and more than 2^(i-1); the last is
	 * all that took longer than 2^25 us, which is 34 s. */
	_Atomic uint64_t latency[BOARD_BUCKETS];
};

struct board_slot {
	_Alignas(BOARD_STRIDE) _Atomic uint32_t state; /* enum board_state */
	_Atomic uint32_t ask;                          /* enum board_ask */
	_Atomic int64_t since_ns; /* CLOCK_MONOTONIC of the last change */
	_Atomic int32_t pid;      /* 0: nobody has this slot */
	_Atomic uint32_t unused;
	_Atomic uint64_t served; /* requests answered by this instance */
	struct board_counts counts;
	char request_id[BOARD_ID_BYTES]; /* of the last one begun */
};

struct board_header {
	char magic[BOARD_MAGIC_BYTES];
	uint32_t version, stride, slots;
	_Atomic uint32_t used; /* slots that were in use: none behind them */
	uint64_t size;         /* of the whole, bytes */
	_Atomic uint64_t cold_starts, crashes, killed, refused;
	struct board_counts gone; /* of instances that are no more */
};

struct board {
	struct board_header header;
	_Alignas(BOARD_PAGE) struct board_slot slots[BOARD_SLOTS];
};

/* ---- mayflyd's side ---- */

/* Make an empty one in a memfd that nobody can resize, close-on-exec, and map
 * it.  NULL with errno. */
struct board *board_create(int *fd) MUST_CHECK;

/* Map one that exists, by its own size.  NULL, and in why what is wrong with
 * it, when it cannot be mapped or is not of this version. */
struct board *board_map(int fd, char why[BOARD_WHY_BYTES]) MUST_CHECK;

/* Accepts NULL. */
void board_unmap(struct board *board);

/* Slot n; NULL when there is none of that number. */
struct board_slot *board_slot(struct board *board, int n);

/* Empty slot n for an instance that is about to start. */
void board_begin(struct board *board, int n, int64_t now_ns);

/* The instance of slot n has ended: what it did goes to those that are gone,
 * and the slot is free.  A request that it was inside of got no answer. */
void board_fold(struct board *board, int n);

/* All that was done and counted on one board, whose instances have ended, is
 * counted on another from now on. */
void board_bequeath(struct board *from, struct board *to);

/* All that was done: by those that are gone and by those that live, whose CPU
 * time the kernel says. */
void board_sum(const struct board *board, struct board_counts *sum);

/* Add all of from. */
void board_add(struct board_counts *to, const struct board_counts *from);

/* How many were answered: requests without those of class 0. */
uint64_t board_answered(const struct board_counts *counts);

/* What so many percent of the answered took at most, as far as the buckets say:
 * the bound of one, 2^i us.  0 when nothing was answered; -1 beyond the last
 * bound. */
int64_t board_percentile_us(const struct board_counts *counts, int percent);

/* ---- an instance's side ---- */

/*
 * Its slot, mapped; *slot is NULL when it is not under mayflyd.  False, logged,
 * when it is but the board is not one of this version: to go on would mean to
 * run where nobody sees it.
 */
bool board_attach(struct board_slot **slot) MUST_CHECK;

/* Enter a state, with the time. */
void board_enter(struct board_slot *slot, enum board_state state);

/*
 * Count a request that is over: its status, 0 when it got no answer; begun_ns
 * by stamp_monotonic_ns(); the bytes of its body and of all of the answer.
 */
void board_count(struct board_slot *slot, int status, int64_t begun_ns,
    size_t bytes_in, size_t bytes_out);

/* Count a request that is not run, because nobody waits for it. */
void board_drop(struct board_slot *slot);

#endif /* BOARD_H */
