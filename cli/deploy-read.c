/* SPDX-License-Identifier: MIT */
/* deploy-read -- see deploy.h: the releases of the next generation, from what
 * the store has of them; nothing is run. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deploy.h"

static bool
is_served_before(const struct deploy *d, const char *name, const char *hash)
{
	const struct store_function *f = store_find(&d->now, name);

	return f != NULL &&
	       (strcmp(f->release, hash) == 0 || strcmp(f->canary, hash) == 0);
}

static bool
read_part(struct deploy *d, const char *name, const char *hash, bool canary)
{
	char problem[DEPLOY_PROBLEM_BYTES];
	struct deploy_part *p = &d->parts[d->nparts];

	*p = (struct deploy_part){.name = name,
	    .hash = hash,
	    .canary = canary,
	    .fresh = !is_served_before(d, name, hash)};
	p->descriptor = store_printed(
	    d->store, hash, name, &p->printed, problem, sizeof(problem));
	if (p->descriptor == NULL) {
		fprintf(stderr, "mayfly: %s: %s\n", name, problem);
		return false;
	}
	d->nparts++;
	return true;
}

/* Whether a release describes itself as the one before did. */
static bool
is_described_alike(const struct deploy *d, const struct deploy_part *p)
{
	const struct store_function *was = store_find(&d->now, p->name);
	char problem[DEPLOY_PROBLEM_BYTES];
	struct json_object *printed;
	struct descriptor *before;
	bool alike = false;

	if (was == NULL)
		return false;
	if (strcmp(was->release, p->hash) == 0)
		return true;
	before = store_printed(d->store, was->release, p->name, &printed,
	    problem, sizeof(problem));
	if (before != NULL)
		alike = json_object_equal(printed, p->printed) != 0;
	json_object_put(printed);
	descriptor_free(before);
	return alike;
}

int
deploy_read(struct deploy *d)
{
	size_t room = 2 * (size_t)d->next.n + 1;
	int bad = 0;

	d->parts = cli_alloc(room * sizeof(*d->parts));
	for (int i = 0; i < d->next.n; i++) {
		struct store_function *f = &d->next.functions[i];

		bad += !read_part(d, f->name, f->release, false);
		if (f->canary[0] != '\0')
			bad += !read_part(d, f->name, f->canary, true);
	}
	if (bad > 0)
		return cli_fail(CLI_FAILED,
		    "deploy the function again, or delete it",
		    "%d releases cannot be read from the store", bad);
	d->descriptors_changed = d->now.n != d->next.n;
	for (int i = 0; i < d->nparts; i++)
		if (!d->parts[i].canary && !is_described_alike(d, &d->parts[i]))
			d->descriptors_changed = true;
	return CLI_OK;
}

void
deploy_parts_free(struct deploy *d)
{
	for (int i = 0; i < d->nparts; i++) {
		json_object_put(d->parts[i].printed);
		descriptor_free(d->parts[i].descriptor);
	}
	free(d->parts);
}
