/* SPDX-License-Identifier: MIT */
/*
 * smoke -- try new releases, side by side, each with one request
 * (smoke-plan.h): first as a CGI program, then on its socket, where mayflyd
 * starts it.
 */
#ifndef SMOKE_H
#define SMOKE_H

#include "smoke-plan.h"

enum {
	SMOKE_AT_ONCE_MAX = 16, /* releases */
	SMOKE_START_MS = 2000,  /* beside the deadline of its own */
	SMOKE_ANSWER_MAX_BYTES = 256 * 1024, /* of an answer that are kept */
	SMOKE_PROBLEM_BYTES = 512,
};

struct smoke_trial {
	/* In. */
	const char *name, *program;
	const char *socket; /* NULL: mayflyd does not run */
	const struct descriptor *descriptor;
	struct json_object *printed;
	/* Out. */
	bool good;
	char problem[SMOKE_PROBLEM_BYTES];
};

/* Returns how many are no good. */
int smoke_run(struct smoke_trial *trials, int n);

#endif /* SMOKE_H */
