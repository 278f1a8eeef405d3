/* SPDX-License-Identifier: MIT */
/*
 * board -- the scoreboard of one function: what each instance is doing.
 *
 * mayflyd makes one per function, in a memfd; each instance gets one slot and
 * alone writes its state; mayflyd alone writes ask.  Nobody waits on it: an
 * instance writes where it stands, mayflyd looks when a timer or an exit tells
 * it to.  An instance can damage the board of its own function, no other, so
 * mayflyd takes nothing from it but state, since_ns, served and request_id,
 * and treats each as a hint.
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
	BOARD_SLOTS = 64,     /* instances of one function at once */
	BOARD_ID_BYTES = 129, /* a request id of 128 bytes and a NUL */
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

struct board_slot {
	_Atomic uint32_t state;   /* enum board_state */
	_Atomic uint32_t ask;     /* enum board_ask */
	_Atomic int64_t since_ns; /* CLOCK_MONOTONIC of the last change */
	_Atomic uint64_t served;  /* requests answered */
	char request_id[BOARD_ID_BYTES]; /* of the last one begun */
};

struct board {
	struct board_slot slots[BOARD_SLOTS];
};

/* The instance's side: its slot, mapped, or NULL when not under mayflyd. */
struct board_slot *board_attach(void);

/* Enter a state, with the time. */
void board_enter(struct board_slot *slot, enum board_state state);

#endif /* BOARD_H */
