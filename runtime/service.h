/* SPDX-License-Identifier: MIT */
/*
 * service -- one function under mayflyd: its socket, its instances, and what
 * happens when something happens (the table in service.c).
 *
 * The listening socket belongs to the service for ever; instances accept from
 * it themselves.  mayflyd waits on it behind all of them, and so is woken only
 * by a connection that no idle instance took.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include "base.h"
#include "board.h"
#include "descriptor.h"
#include "loop.h"
#include "out.h"
#include "report.h"

enum {
	SERVICE_GRACE_MS = 100,  /* beyond a deadline, before the kill */
	SERVICE_START_MS = 3000, /* to reach its first accept */
	SERVICE_LOOK_MS = 1,     /* look again while something is queued */
	SERVICE_STRIKES = 3,     /* crashes in a row before backing off */
	SERVICE_BACKOFF_MIN_MS = 1000,
	SERVICE_BACKOFF_MAX_MS = 30000,
	SERVICE_BACKLOG = 4096, /* listen(2); net.core.somaxconn caps it */
};

struct instance;
struct service;

/* A service whose socket is RUN_DIR/fn/NAME.sock.  Takes the descriptor when
 * it succeeds.  NULL with a logged reason. */
struct service *service_new(
    struct descriptor *d, const char *run_dir) MUST_CHECK;

const char *service_name(const struct service *s);

/* Another version: takes d; running instances leave after their request. */
void service_replace(struct service *s, struct descriptor *d);

/* Whether the executable is no longer the file that d was read from. */
bool service_is_stale(const struct service *s);

/* Do what is due; returns when something is due again, or INT64_MAX. */
int64_t service_tick(struct service *s, int64_t now_ns);

/* Take no more connections, serve what is queued, end all instances. */
void service_stop(struct service *s);

/* Whether it has stopped: service_free() may be called. */
bool service_stopped(const struct service *s);

/* Whether service_stop() was called: its place is free for another. */
bool service_stopping(const struct service *s);

/* One object of the status: see runtime/control.h. */
void service_status(const struct service *s, struct out *o);

/* What the metrics say of it; points into s. */
struct report_function service_report(const struct service *s);

/* Accepts NULL.  Closes the socket; instances still there are killed. */
void service_free(struct service *s);

#endif /* SERVICE_H */
