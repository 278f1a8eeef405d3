/* SPDX-License-Identifier: MIT */
/* deploy-smoke -- see deploy.h: what is new is tried (smoke.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deploy.h"
#include "smoke.h"

enum {
	SOCKET_MAX_BYTES = 256,
};

struct attempt {
	struct smoke_trial *trials;
	char (*sockets)[SOCKET_MAX_BYTES];
	int n;
};

static void
add_trial(
    const struct deploy *d, struct attempt *a, const struct deploy_part *p)
{
	struct smoke_trial *t = &a->trials[a->n];
	char *socket = a->sockets[a->n++];

	snprintf(socket, SOCKET_MAX_BYTES, "%s/%s/%s@%.*s", d->run_dir, d->app,
	    p->name, STORE_SHORT_CHARS, p->hash);
	*t = (struct smoke_trial){
	    .name = p->name,
	    .program = p->descriptor->program,
	    .socket = d->running ? socket : NULL,
	    .descriptor = p->descriptor,
	    .printed = p->printed,
	};
}

int
deploy_smoke(struct deploy *d)
{
	struct attempt a = {.n = 0};
	size_t room = (size_t)d->nparts + 1;
	int bad;

	if (d->no_smoke)
		return CLI_OK;
	a.trials = cli_alloc(room * sizeof(*a.trials));
	a.sockets = cli_alloc(room * sizeof(*a.sockets));
	for (int i = 0; i < d->nparts; i++)
		if (d->parts[i].fresh)
			add_trial(d, &a, &d->parts[i]);
	bad = smoke_run(a.trials, a.n);
	for (int i = 0; i < a.n; i++)
		if (!a.trials[i].good)
			fprintf(stderr, "mayfly: %s: %s\n", a.trials[i].name,
			    a.trials[i].problem);
	snprintf(d->note, sizeof(d->note), "%d tried", a.n);
	free(a.trials);
	free(a.sockets);
	if (bad > 0)
		return cli_fail(CLI_UNHEALTHY,
		    "what was served is served: mend it and deploy again",
		    "%d of %d new releases do not work", bad, a.n);
	return CLI_OK;
}
