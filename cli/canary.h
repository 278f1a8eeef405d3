/* SPDX-License-Identifier: MIT */
/*
 * canary -- watch a canary beside the current release, and decide.
 *
 * It is rolled back when it has crashed CANARY_CRASHES times; or, from
 * CANARY_ANSWERS answers on, when more than CANARY_POINTS percent more of them
 * than of the current one's are a 5xx or a crash.  Who lasts is promoted.
 */
#ifndef CANARY_H
#define CANARY_H

#include "deploy.h"

enum {
	CANARY_CRASHES = 2,
	CANARY_ANSWERS = 5,
	CANARY_POINTS = 5,
	CANARY_LOOK_MS = 1000, /* between two looks */
};

/* What a release did since it was looked at first. */
struct canary_counts {
	int64_t answers, faults, crashes; /* faults: 5xx */
};

/* Whether the canary is to be rolled back. */
bool canary_is_worse(const struct canary_counts *canary,
    const struct canary_counts *current) MUST_CHECK;

/* For d->watch_ms; then promote it or roll it back, d is spent by then. */
int canary_watch(
    struct deploy *d, const char *name, const char *hash) MUST_CHECK;

#endif /* CANARY_H */
