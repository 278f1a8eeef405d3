/* SPDX-License-Identifier: MIT */
/*
 * routes -- the table of routes of an application: a path, and the function for
 * each method there.
 *
 * Paths that could both match one request are refused, because a web server
 * would silently take the first.  A literal path beside a pattern is no
 * conflict: the literal is taken.
 */
#ifndef ROUTES_H
#define ROUTES_H

#include "base.h"
#include "descriptor.h"

struct route {
	const char *path;
	bool literal; /* no :name in it */
	const struct descriptor *by_method[HTTP_METHODS];
};

struct routes {
	struct route *list; /* literals first, by path */
	int n;
};

/* From n descriptors, which have to live as long.  CLI_OK, or what cli_fail()
 * said: CLI_CONFLICT names both functions. */
int routes_make(
    struct routes *routes, struct descriptor *const *list, int n) MUST_CHECK;

void routes_free(struct routes *routes);

#endif /* ROUTES_H */
