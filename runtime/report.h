/* SPDX-License-Identifier: MIT */
/*
 * report -- what the scoreboards say, as members of the status and as metrics
 * in the text format of Prometheus (version 0.0.4).
 */
#ifndef REPORT_H
#define REPORT_H

#include "base.h"
#include "board.h"
#include "out.h"

/* A function, as the metrics name it. */
struct report_function {
	const char *name;
	const char *version; /* of its release; "" for none */
	const struct board *board;
	int starting, idle, busy; /* instances */
};

/* What was done, as members of the object that is open: see control.h. */
void report_status(struct out *o, const struct board *board);

/* All metrics, of n functions and of mayflyd; started_s: when that began,
 * seconds since 1970. */
void report_metrics(struct buf *b, const struct report_function *functions,
    int n, int64_t started_s);

#endif /* REPORT_H */
