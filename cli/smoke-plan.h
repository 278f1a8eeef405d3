/* SPDX-License-Identifier: MIT */
/*
 * smoke-plan -- the request that a new release is tried with, from its
 * descriptor.  It never writes: a GET that needs no input but its path is sent
 * as it is; anything else lacks what makes the library refuse it before the
 * handler runs (common/fn.h has the order of refusals).
 */
#ifndef SMOKE_PLAN_H
#define SMOKE_PLAN_H

#include "base.h"
#include "descriptor.h"

struct json_object; /* json-c */

enum {
	SMOKE_PLAN_VARIABLES_MAX = 16,
	SMOKE_PLAN_TARGET_MAX = 2048, /* bytes of a path with samples in it */
};

struct smoke_plan {
	bool refused; /* it must be answered with a 4xx; else with no 5xx */
	const char *lacks; /* what makes it one to refuse, for people */
	const char *body;
	char *variables[SMOKE_PLAN_VARIABLES_MAX + 1]; /* "NAME=value", NULL */
	int n;
};

/* For a function with that descriptor, which printed it.  The variables are the
 * plan's (smoke_plan_free). */
void smoke_plan_make(struct smoke_plan *plan, const struct descriptor *d,
    struct json_object *printed);
void smoke_plan_free(struct smoke_plan *plan);

/*
 * The answer of a CGI program: its status, or 0 when it is none.  A header
 * without Status stands for 200, or 302 with Location (RFC 3875, 6.2).
 */
int smoke_plan_status(struct span answer) MUST_CHECK;

/* Whether that is an answer to the plan's request. */
bool smoke_plan_accepts(const struct smoke_plan *plan, int status) MUST_CHECK;

#endif /* SMOKE_PLAN_H */
