/* SPDX-License-Identifier: MIT */
/*
 * registry -- all services of this mayflyd: made from the function folders at
 * start-up, made anew when told to.
 */
#ifndef REGISTRY_H
#define REGISTRY_H

#include "base.h"
#include "out.h"
#include "report.h"

enum {
	REGISTRY_MAX = 512, /* services */
};

/* What a reload did. */
struct registry_change {
	int added, replaced, removed, unchanged;
	int failed; /* new ones that have no socket, for a logged reason */
};

/*
 * Bring the services in line with the folders (separated by ':').  A file that
 * is no function is logged and left out; an old version that was running goes
 * on.  False when a folder cannot be read: nothing changes then.
 */
bool registry_load(const char *folders, const char *run_dir,
    struct registry_change *change) MUST_CHECK;

/* Do what is due everywhere; returns when something is due again. */
int64_t registry_tick(int64_t now_ns);

/* Stop all services; registry_empty() says when they have. */
void registry_stop(void);
bool registry_empty(void);

/* The list of all services, as items of an open list. */
void registry_status(struct out *o);

/* What the metrics say, one for each service: into list, with room for
 * REGISTRY_MAX; returns how many. */
int registry_report(struct report_function *list);

/* Kill what is left and free everything. */
void registry_free(void);

#endif /* REGISTRY_H */
