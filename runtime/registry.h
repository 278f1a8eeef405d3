/* SPDX-License-Identifier: MIT */
/*
 * registry -- all releases of this mayflyd, and which of them the application
 * serves: a generation of the store (store.h).
 *
 * A deploy stages a generation, so that all that it serves has a socket; flips
 * to it, which is one rename(2); and settles it, when the web server has no
 * route any more to what is gone.  Each step is whole or nothing.
 */
#ifndef REGISTRY_H
#define REGISTRY_H

#include "base.h"
#include "fdstore.h"
#include "out.h"
#include "report.h"
#include "store.h"

enum {
	/* Of each function one that is current, one that is staged, and one
	 * that leaves. */
	REGISTRY_MAX = 3 * STORE_FUNCTIONS_MAX,
	REGISTRY_PROBLEM_BYTES = 512,
};

/* What a flip did, in functions. */
struct registry_change {
	int added, replaced, removed, unchanged;
	int failed; /* at the start: those that cannot be served */
};

/* Why something was not done. */
struct registry_problem {
	char text[REGISTRY_PROBLEM_BYTES];
	char function[DESCRIPTOR_NAME_MAX + 1]; /* whose fault; "" for none's */
};

/*
 * Serve the generation in force, and take up what was left by an earlier
 * mayflyd.  A function that cannot be served is logged and left out.  False
 * with a reason when nothing can be.
 */
bool registry_open(struct registry_change *change,
    struct registry_problem *problem) MUST_CHECK;

/* Number of the generation that is served; 0 for none yet. */
int registry_generation(void);

/* See above; false with a reason, and nothing has changed. */
bool registry_stage(
    int generation, struct registry_problem *problem) MUST_CHECK;
bool registry_flip(int generation, struct registry_change *change,
    struct registry_problem *problem) MUST_CHECK;
void registry_settle(void);

/* Close what was staged. */
void registry_drop(void);

/* The settings have been read again, or something else made the store's
 * generation in force another: follow. */
bool registry_follow(bool renew, struct registry_change *change,
    struct registry_problem *problem) MUST_CHECK;

/* Do what is due everywhere; returns when something is due again. */
int64_t registry_tick(int64_t now_ns);

/* Stop all releases; registry_empty() says when they have. */
void registry_stop(void);
bool registry_empty(void);

/* The functions with their releases, as items of an open list. */
void registry_status(struct out *o);

/* What a program executed in place takes over, by the names in fdstore.h: at
 * most max into list; returns how many, or -1 when they are more. */
int registry_hand_on(struct fdstore_item *list, int max) MUST_CHECK;

/* What the metrics say, one for each release: into list, with room for
 * REGISTRY_MAX; returns how many. */
int registry_report(struct report_function *list);

/* Kill what is left and free everything. */
void registry_free(void);

#endif /* REGISTRY_H */
