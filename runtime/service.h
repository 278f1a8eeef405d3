/* SPDX-License-Identifier: MIT */
/*
 * service -- what a release does when something happens to it: the table at the
 * end of service.c.
 *
 * The listening socket is mayflyd's for ever; instances accept from it
 * themselves.  mayflyd waits on it behind all of them, and so is woken only by
 * a connection that no idle instance took.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include "base.h"
#include "release.h"

enum {
	SERVICE_GRACE_MS = 100,  /* beyond a deadline, before the kill */
	SERVICE_START_MS = 3000, /* to reach its first accept */
	SERVICE_LOOK_MS = 1,     /* look again while something is queued */
	SERVICE_NUDGE_MS = 20, /* for one that was woken to take a connection */
	SERVICE_LINGER_MS = 1000, /* after a stop, for who was connecting */
	SERVICE_BACKOFF_MIN_MS = 1000,
	SERVICE_BACKOFF_MAX_MS = 30000,
};

/* It has been opened, with the instances that were adopted. */
void service_begin(struct release *r);

/* What the loop calls. */
void service_on_connect(void *release, uint32_t events);
void service_on_ready(void *release, uint32_t events);
void service_on_exit(void *release, uint32_t events);

/* Do what is due; returns when something is due again, or INT64_MAX. */
int64_t service_tick(struct release *r, int64_t now_ns);

/* All instances leave before their next request, and others take over: the
 * settings have changed. */
void service_renew(struct release *r);

/* Take the path away, serve what is queued and what comes in linger_ms, end all
 * instances. */
void service_stop(struct release *r, int64_t linger_ms);

#endif /* SERVICE_H */
