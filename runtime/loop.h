/* SPDX-License-Identifier: MIT */
/*
 * loop -- the one place where mayflyd waits: epoll, one event at a time.
 *
 * One at a time, so that what an event frees cannot be named by a later event
 * of the same batch; mayflyd is not in the path of requests, so the extra call
 * costs nothing that matters.
 */
#ifndef LOOP_H
#define LOOP_H

#include "base.h"

/* A descriptor and who is told about it; lives inside its owner. */
struct watch {
	int fd; /* -1: none */
	bool added;
	void (*on_event)(void *owner, uint32_t events);
	void *owner;
};

/* Make the epoll set.  False with errno. */
bool loop_open(void) MUST_CHECK;

/* Add with EPOLLIN etc.; adding again moves it behind all other waiters of the
 * same file (epoll_ctl(2), EPOLLEXCLUSIVE).  False with errno. */
bool loop_add(struct watch *watch, uint32_t events) MUST_CHECK;

/* Stop watching; the descriptor stays open. */
void loop_remove(struct watch *watch);

/* Stop watching, close the descriptor, set it to -1. */
void loop_close(struct watch *watch);

/* Wait for one event until deadline_ns (CLOCK_MONOTONIC; INT64_MAX for ever)
 * and hand it to its owner. */
void loop_wait(int64_t deadline_ns);

#endif /* LOOP_H */
