/* SPDX-License-Identifier: MIT */
/* deploy-plan -- see deploy.h: what the next generation serves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deploy.h"

void
deploy_plan_copy(struct deploy *d)
{
	size_t room = STORE_FUNCTIONS_MAX + 1;

	d->next.n = d->now.n;
	d->next.functions = cli_alloc(room * sizeof(*d->next.functions));
	if (d->now.n > 0)
		memcpy(d->next.functions, d->now.functions,
		    (size_t)d->now.n * sizeof(*d->now.functions));
}

struct store_function *
deploy_plan_find(struct deploy *d, const char *name)
{
	for (int i = 0; i < d->next.n; i++)
		if (strcmp(d->next.functions[i].name, name) == 0)
			return &d->next.functions[i];
	return NULL;
}

struct store_function *
deploy_plan_add(struct deploy *d, const char *name)
{
	struct store_function *f = deploy_plan_find(d, name);
	int place = 0;

	if (f != NULL)
		return f;
	if (d->next.n == STORE_FUNCTIONS_MAX)
		exit(cli_fail(CLI_FAILED, "delete some",
		    "an application has at most %d functions",
		    STORE_FUNCTIONS_MAX));
	while (place < d->next.n &&
	       strcmp(d->next.functions[place].name, name) < 0)
		place++;
	f = &d->next.functions[place];
	memmove(f + 1, f, (size_t)(d->next.n - place) * sizeof(*f));
	d->next.n++;
	*f = (struct store_function){.share = 0};
	snprintf(f->name, sizeof(f->name), "%s", name);
	return f;
}

void
deploy_plan_delete(struct deploy *d, const char *name)
{
	struct store_function *f = deploy_plan_find(d, name);

	if (f == NULL)
		return;
	d->next.n--;
	memmove(
	    f, f + 1, (size_t)(d->next.functions + d->next.n - f) * sizeof(*f));
}

void
deploy_plan_release(struct store_function *f, const char *hash)
{
	f->canary[0] = '\0';
	f->share = 0;
	if (strcmp(f->release, hash) == 0)
		return;
	memcpy(f->previous, f->release, sizeof(f->previous));
	snprintf(f->release, sizeof(f->release), "%s", hash);
}

bool
deploy_plan_same(
    const struct store_generation *a, const struct store_generation *b)
{
	if (a->n != b->n)
		return false;
	for (int i = 0; i < a->n; i++) {
		const struct store_function *x = &a->functions[i];
		const struct store_function *y = &b->functions[i];

		if (strcmp(x->name, y->name) != 0 ||
		    strcmp(x->release, y->release) != 0 ||
		    strcmp(x->canary, y->canary) != 0 || x->share != y->share)
			return false;
	}
	return true;
}
