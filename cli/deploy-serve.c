/* SPDX-License-Identifier: MIT */
/*
 * deploy-serve -- going over to the next generation, with mayflyd where it runs
 * (runtime/control.h has its words), else alone.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deploy.h"
#include "store-prune.h"

/* "WORD N" to mayflyd. */
static int
order(const struct deploy *d, const char *word, int number)
{
	struct json_object *answer, *ok;
	char line[64];
	int code;

	snprintf(line, sizeof(line), "%s %d\n", word, number);
	code = cli_ask(d->run_dir, line, &answer);
	if (code != CLI_OK)
		return code;
	if (!json_object_object_get_ex(answer, "ok", &ok) ||
	    !json_object_get_boolean(ok)) {
		const char *name = cli_text(answer, "function");

		code = cli_fail(CLI_FAILED, NULL, "mayflyd, %s: %s%s%s", word,
		    name, *name != '\0' ? ": " : "", cli_text(answer, "error"));
	}
	json_object_put(answer);
	return code;
}

int
deploy_write(struct deploy *d)
{
	char problem[DEPLOY_PROBLEM_BYTES];

	if (!store_write_generation(
	        d->store, d->app, &d->next, problem, sizeof(problem)))
		return cli_fail(CLI_FAILED, NULL, "%s", problem);
	d->written = true;
	if (!d->running)
		return CLI_OK;
	/* What a killed deploy had staged under this number is not this. */
	if (order(d, "drop", d->next.number) != CLI_OK)
		return CLI_FAILED;
	return order(d, "stage", d->next.number);
}

/* Whether the next generation is: an answer may have been lost. */
static bool
is_in_force(const struct deploy *d)
{
	char problem[DEPLOY_PROBLEM_BYTES];
	struct store_generation g;
	bool is;

	is = store_read(d->store, d->app, 0, &g, problem, sizeof(problem)) ==
	         STORE_READ &&
	     g.number == d->next.number;
	store_free(&g);
	return is;
}

int
deploy_flip(struct deploy *d)
{
	int code = CLI_OK;

	if (d->running)
		code = order(d, "flip", d->next.number);
	else if (!store_make_current(d->store, d->app, d->next.number))
		code = cli_fail(CLI_FAILED, NULL, "%s/%s/current: %s", d->store,
		    d->app, strerror(errno));
	else if (cli_reaches(d->run_dir)) {
		d->running = true; /* it has started meanwhile */
		code = order(d, "flip", d->next.number);
	}
	d->flipped = code == CLI_OK || is_in_force(d);
	return code;
}

/* All is served by now, so what stays is only told of: the next deploy settles
 * it. */
int
deploy_settle(struct deploy *d)
{
	int number = d->changed ? d->next.number : d->now.number;

	if (d->running && number > 0 && order(d, "settle", number) != CLI_OK)
		cli_say("what is gone is served until the next deploy");
	return CLI_OK;
}

/* Whether mayflyd serves what is in force, all of it. */
static bool
serves_all(const struct deploy *d, struct json_object *status)
{
	struct json_object *list, *one;
	size_t n = cli_list(status, "functions", &list);
	int served = 0;

	if (cli_number(status, "generation") != d->now.number)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct store_function *f;

		one = json_object_array_get_idx(list, i);
		f = store_find(&d->now, cli_text(one, "name"));
		if (f == NULL || strcmp(cli_text(one, "use"), "current") != 0 ||
		    strncmp(cli_text(one, "release"), f->release,
		        STORE_SHORT_CHARS) != 0)
			continue;
		served++;
	}
	return served == d->now.n;
}

int
deploy_true(struct deploy *d)
{
	struct json_object *status;
	bool good;
	int code;

	if (!d->running || d->now.number == 0)
		return CLI_OK;
	code = cli_ask(d->run_dir, "status\n", &status);
	if (code != CLI_OK)
		return code;
	good = serves_all(d, status);
	json_object_put(status);
	if (good)
		return CLI_OK;
	return order(d, "flip", d->now.number);
}

/* ---- behind all ---- */

/* The HASH12s that mayflyd has anything to do with, into an array. */
static int
served_now(const struct deploy *d, struct json_object *status, char ***served)
{
	struct json_object *list, *releases, *one;
	size_t n = cli_list(status, "functions", &list), of;
	int found = 0;

	(void)d;
	*served = cli_alloc(sizeof(**served));
	for (size_t i = 0; i < n; i++) {
		of = cli_list(
		    json_object_array_get_idx(list, i), "releases", &releases);
		for (size_t k = 0; k < of; k++) {
			union {
				const char *in;
				char *out;
			} hash;

			one = json_object_array_get_idx(releases, k);
			hash.in = cli_text(one, "release");
			if (strlen(hash.in) != STORE_SHORT_CHARS)
				continue;
			*served = cli_realloc(
			    *served, (size_t)(found + 1) * sizeof(**served));
			(*served)[found++] = hash.out;
		}
	}
	return found;
}

int
deploy_record(struct deploy *d)
{
	struct json_object *status = NULL;
	char **served = NULL;
	int n = 0;

	if (!d->changed)
		return CLI_OK;
	if (d->running) {
		/* Who is served is not known: then nothing goes. */
		if (cli_ask(d->run_dir, "status\n", &status) != CLI_OK)
			return CLI_OK;
		n = served_now(d, status, &served);
	}
	store_prune(d->store, d->app, served, n);
	free(served);
	json_object_put(status);
	return CLI_OK;
}

void
deploy_undo(struct deploy *d)
{
	if (d->flipped && d->now.number > 0) {
		if (d->running && order(d, "flip", d->now.number) == CLI_OK &&
		    order(d, "settle", d->now.number) == CLI_OK)
			d->flipped = false;
		else if (!d->running &&
		         store_make_current(d->store, d->app, d->now.number))
			d->flipped = false;
		if (!d->flipped)
			cli_say("generation %d serves again", d->now.number);
		else
			cli_say("generation %d is in force; the way back is "
			        "mayfly rollback",
			    d->next.number);
	}
	if (!d->written || d->flipped)
		return;
	if (d->running && order(d, "drop", d->next.number) != CLI_OK)
		return;
	store_write_remove(d->store, d->app, d->next.number);
}
