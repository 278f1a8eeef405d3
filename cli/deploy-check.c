/* SPDX-License-Identifier: MIT */
/* deploy-check -- see deploy.h: what functions need, and their routes, all
 * together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deploy.h"
#include "routes.h"
#include "setting.h"

/* A canary answers the same route as who is served. */
static int
check_canary(
    const struct deploy_part *current, const struct deploy_part *canary)
{
	const struct descriptor *a = current->descriptor;
	const struct descriptor *b = canary->descriptor;

	if (a->method == b->method && strcmp(a->path, b->path) == 0)
		return 0;
	fprintf(stderr,
	    "mayfly: %s: its canary is for %s %s, and it is for %s %s\n",
	    canary->name, http_methods[b->method], b->path,
	    http_methods[a->method], a->path);
	return 1;
}

int
deploy_check(struct deploy *d)
{
	char problem[DEPLOY_PROBLEM_BYTES];
	struct descriptor **list =
	    cli_alloc(((size_t)d->nparts + 1) * sizeof(*list));
	struct routes routes = {.list = NULL};
	int n = 0, bad = 0, code = CLI_OK;

	for (int i = 0; i < d->nparts; i++) {
		struct deploy_part *p = &d->parts[i];

		if (!setting_own_there(p->descriptor->settings,
		        p->descriptor->nsettings, problem, sizeof(problem))) {
			fprintf(stderr, "mayfly: %s: %s\n", p->name, problem);
			bad++;
		}
		if (!p->canary)
			list[n++] = p->descriptor;
		else if (check_canary(p - 1, p) != 0)
			code = CLI_CONFLICT;
	}
	if (bad > 0)
		code = cli_fail(CLI_FAILED, "see MAYFLY_ENV_FILE",
		    "%d functions lack a setting", bad);
	else if (code != CLI_OK)
		code = cli_fail(CLI_CONFLICT, "deploy it without --canary",
		    "a canary has the route of the release beside it");
	else
		code = routes_make(&routes, list, n);
	routes_free(&routes);
	free(list);
	snprintf(d->note, sizeof(d->note), "%d functions", n);
	return code;
}
