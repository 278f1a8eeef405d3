/* SPDX-License-Identifier: MIT */
/*
 * mayfly rollback -- serve older releases again, as a new generation.
 *
 *	rollback		the generation before that served something else
 *	rollback NAME		the function's previous release; of one that has
 *				a canary, only that goes
 *	rollback N		what generation N served
 *
 * The schema does not go back: it is refused where a statement of an older
 * release does not prepare any more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deploy.h"

static void
copy_without_canaries(struct deploy *d, const struct store_generation *g)
{
	/* What was served then was the release; a canary was a question. */
	for (int i = d->next.n - 1; i >= 0; i--)
		if (store_find(g, d->next.functions[i].name) == NULL)
			deploy_plan_delete(d, d->next.functions[i].name);
	for (int i = 0; i < g->n; i++)
		deploy_plan_release(deploy_plan_add(d, g->functions[i].name),
		    g->functions[i].release);
}

static int
read_generation_of(
    const struct deploy *d, int number, struct store_generation *g)
{
	char problem[DEPLOY_PROBLEM_BYTES];

	switch (
	    store_read(d->store, d->app, number, g, problem, sizeof(problem))) {
	case STORE_READ:
		return CLI_OK;
	case STORE_NONE:
		return cli_fail(CLI_NOT_FOUND, "list them: mayfly versions",
		    "there is no generation %d", number);
	case STORE_BAD:
		break;
	}
	return cli_fail(CLI_FAILED, NULL, "%s", problem);
}

static int
plan_number(struct deploy *d, int number)
{
	struct store_generation g;
	int code = read_generation_of(d, number, &g);

	if (code != CLI_OK)
		return code;
	copy_without_canaries(d, &g);
	store_free(&g);
	return CLI_OK;
}

/* The newest that served something else. */
static int
plan_before(struct deploy *d)
{
	char problem[DEPLOY_PROBLEM_BYTES];
	struct store_generation g;
	bool found = false;
	int *numbers, n;

	n = store_write_numbers(
	    d->store, d->app, &numbers, problem, sizeof(problem));
	for (int i = 0; i < n && !found; i++) {
		if (numbers[i] >= d->now.number)
			continue;
		if (store_read(d->store, d->app, numbers[i], &g, problem,
		        sizeof(problem)) == STORE_READ) {
			copy_without_canaries(d, &g);
			found = !deploy_plan_same(&d->now, &d->next);
		}
		store_free(&g);
	}
	free(numbers);
	return found ? CLI_OK
	             : cli_fail(CLI_NOT_FOUND, "see: mayfly versions",
	                   "there is no generation before that served "
	                   "anything else");
}

static int
plan_function(struct deploy *d, const char *name)
{
	struct store_function *f = deploy_plan_find(d, name);
	char hash[STORE_HASH_CHARS + 1];

	if (f == NULL)
		return cli_fail(CLI_NOT_FOUND,
		    "a generation brings it back: mayfly rollback N",
		    "%s is not served", name);
	if (f->canary[0] != '\0') {
		deploy_plan_release(f, f->release);
		return CLI_OK;
	}
	if (f->previous[0] == '\0')
		return cli_fail(CLI_NOT_FOUND, "see: mayfly versions NAME",
		    "%s has no previous release", name);
	memcpy(hash, f->previous, sizeof(hash));
	deploy_plan_release(f, hash);
	return CLI_OK;
}

static int
plan_rollback(struct deploy *d)
{
	const char *word = d->nwords > 0 ? d->words[0] : "";

	if (d->now.number == 0)
		return cli_fail(CLI_NOT_FOUND, "see: mayfly help deploy",
		    "nothing has been deployed");
	deploy_plan_copy(d);
	if (*word == '\0')
		return plan_before(d);
	if (word[strspn(word, "0123456789")] == '\0' && strlen(word) <= 9)
		return plan_number(d, (int)strtol(word, NULL, 10));
	return plan_function(d, word);
}

static int
rollback(int argc, char *argv[])
{
	struct deploy d;
	int code = deploy_open(&d, &command_rollback, argc, argv);

	if (code == CLI_OK && d.nwords > 1)
		code = cli_fail(CLI_USAGE, "see: mayfly help rollback",
		    "rollback takes one NAME or GENERATION");
	if (code == CLI_OK)
		code = deploy_run(&d, plan_rollback);
	deploy_close(&d);
	return code;
}

const struct command command_rollback = {
    .name = "rollback",
    .usage = "[OPTION]... [NAME | GENERATION]",
    .about = "Serve older releases again.",
    .help = "  NAME                 this function's previous release; or "
            "without its\n"
            "                       canary, when it has one\n"
            "  GENERATION           what this one served; default: the one "
            "before that\n"
            "                       served something else\n" DEPLOY_HELP,
    .run = rollback,
};
