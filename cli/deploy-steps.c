/* SPDX-License-Identifier: MIT */
/* deploy-steps -- see deploy.h: the steps, one after the other. */
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deploy.h"
#include "out.h"
#include "stamp.h"
#include "store-lock.h"

enum {
	TOLD_MS = 1000, /* a step that takes longer is told in any case */
	OUTPUT_MAX_BYTES = 4 * 1024 * 1024,
};

/* When a step has something to do. */
enum when {
	CHANGED, /* another generation is to be served */
	SAME,    /* it is what is served, or should be */
	ALWAYS,
};

/*
 * Until the flip all is beside what is served; behind it, all is made true.
 * New code is started only when the schema is there that it was written for,
 * and its statements are where PgBouncer prepares them from.
 */
static const struct {
	const char *word;
	int (*run)(struct deploy *d);
	enum when when;
} steps[] = {
    {"read", deploy_read, ALWAYS},
    {"check", deploy_check, ALWAYS},
    {"database", deploy_database_check, ALWAYS},
    {"web check", deploy_web_check, ALWAYS},
    {"migrate", deploy_migrate, ALWAYS},
    {"statements", deploy_statements, ALWAYS},
    {"pool", deploy_pool, ALWAYS},
    {"stage", deploy_write, CHANGED},
    {"smoke", deploy_smoke, CHANGED},
    {"flip", deploy_flip, CHANGED},
    {"true", deploy_true, SAME},
    {"web", deploy_web, ALWAYS},
    {"settle", deploy_settle, ALWAYS},
    {"record", deploy_record, ALWAYS},
};

/* ---- telling ---- */

/* A line for a step, on a terminal or when it took long. */
static void
tell_step(struct deploy *d, const char *word, int64_t ms)
{
	if (d->ntook < DEPLOY_STEPS_MAX) {
		d->took[d->ntook].word = word;
		d->took[d->ntook++].ms = ms;
	}
	if (ms < TOLD_MS && (!isatty(STDERR_FILENO) || d->note[0] == '\0'))
		return;
	fprintf(
	    stderr, "%-11s %-52s %7.2f s\n", word, d->note, (double)ms / 1000);
}

static void
list_names(struct out *o, const char *key, const struct deploy *d,
    bool (*wanted)(
        const struct store_function *was, const struct store_function *is))
{
	out_list(o, key);
	for (int i = 0; i < d->next.n; i++)
		if (wanted(store_find(&d->now, d->next.functions[i].name),
		        &d->next.functions[i]))
			out_text(o, NULL, d->next.functions[i].name);
	for (int i = 0; i < d->now.n; i++)
		if (store_find(&d->next, d->now.functions[i].name) == NULL &&
		    wanted(&d->now.functions[i], NULL))
			out_text(o, NULL, d->now.functions[i].name);
	out_end(o);
}

static bool
is_added(const struct store_function *was, const struct store_function *is)
{
	return was == NULL && is != NULL;
}

static bool
is_removed(const struct store_function *was, const struct store_function *is)
{
	return was != NULL && is == NULL;
}

static bool
is_replaced(const struct store_function *was, const struct store_function *is)
{
	return was != NULL && is != NULL &&
	       (strcmp(was->release, is->release) != 0 ||
	           strcmp(was->canary, is->canary) != 0 ||
	           was->share != is->share);
}

static int
count_changes(
    const struct deploy *d, bool (*wanted)(const struct store_function *was,
                                const struct store_function *is))
{
	int n = 0;

	for (int i = 0; i < d->next.n; i++)
		n += wanted(store_find(&d->now, d->next.functions[i].name),
		    &d->next.functions[i]);
	for (int i = 0; i < d->now.n; i++)
		if (store_find(&d->next, d->now.functions[i].name) == NULL)
			n += wanted(&d->now.functions[i], NULL);
	return n;
}

static void
print_outcome_json(const struct deploy *d)
{
	struct out o = out_new(OUTPUT_MAX_BYTES);

	out_begin(&o, NULL);
	out_bool(&o, "changed", d->changed);
	out_text(&o, "app", d->app);
	out_int(&o, "generation", d->changed ? d->next.number : d->now.number);
	out_int(&o, "before", d->now.number);
	out_text(&o, "why", d->why);
	out_bool(&o, "served", d->running);
	list_names(&o, "added", d, is_added);
	list_names(&o, "replaced", d, is_replaced);
	list_names(&o, "removed", d, is_removed);
	out_list(&o, "steps");
	for (int i = 0; i < d->ntook; i++) {
		out_begin(&o, NULL);
		out_text(&o, "step", d->took[i].word);
		out_int(&o, "ms", d->took[i].ms);
		out_end(&o);
	}
	out_end(&o);
	out_end(&o);
	if (!o.buf.failed)
		printf("%s\n", o.buf.data);
	buf_free(&o.buf);
}

static void
print_outcome(const struct deploy *d)
{
	if (d->json)
		print_outcome_json(d);
	else if (!d->changed)
		printf("unchanged: generation %d of %s, %d functions\n",
		    d->now.number, d->app, d->now.n);
	else
		printf("deployed: generation %d of %s: %d added, %d replaced, "
		       "%d removed, in %.2f s%s\n",
		    d->next.number, d->app, count_changes(d, is_added),
		    count_changes(d, is_replaced), count_changes(d, is_removed),
		    (double)(stamp_monotonic_ms() - d->began_ms) / 1000,
		    d->running ? "" : "; it is served when mayflyd starts");
}

/* ---- all of it ---- */

static int
take_lock(struct deploy *d)
{
	char problem[DEPLOY_PROBLEM_BYTES];
	int holder;

	if (!store_write_folders(d->store, d->app, problem, sizeof(problem)))
		return cli_fail(
		    CLI_FAILED, "see MAYFLY_STORE, MAYFLY_APP", "%s", problem);
	d->lock = store_lock_take(
	    d->store, d->app, &holder, problem, sizeof(problem));
	if (d->lock >= 0)
		return CLI_OK;
	if (holder > 0)
		return cli_fail(CLI_CONFLICT, "wait for it to end",
		    "process %d is changing %s", holder, d->app);
	if (holder < 0)
		return cli_fail(CLI_CONFLICT, "wait for it to end",
		    "another process is changing %s", d->app);
	return cli_fail(CLI_FAILED, NULL, "%s", problem);
}

/* What a killed one left, and what is in force. */
static int
begin_change(struct deploy *d)
{
	char problem[DEPLOY_PROBLEM_BYTES];
	int *numbers, n;

	store_write_sweep(d->store, d->app);
	if (store_read(d->store, d->app, 0, &d->now, problem,
	        sizeof(problem)) == STORE_BAD)
		return cli_fail(
		    CLI_FAILED, "see MAYFLY_STORE, MAYFLY_APP", "%s", problem);
	n = store_write_numbers(
	    d->store, d->app, &numbers, problem, sizeof(problem));
	if (n < 0)
		return cli_fail(CLI_FAILED, NULL, "%s", problem);
	d->next.number = (n > 0 ? numbers[0] : 0) + 1;
	free(numbers);
	d->running = cli_reaches(d->run_dir);
	return CLI_OK;
}

static int
run_step(struct deploy *d, const char *word, int (*run)(struct deploy *d))
{
	int64_t began = stamp_monotonic_ms();
	int code;

	d->note[0] = '\0';
	code = run(d);
	if (code == CLI_OK)
		tell_step(d, word, stamp_monotonic_ms() - began);
	return code;
}

int
deploy_run(struct deploy *d, int (*plan)(struct deploy *d))
{
	int code;

	d->began_ms = stamp_monotonic_ms();
	code = take_lock(d);
	if (code == CLI_OK)
		code = begin_change(d);
	if (code == CLI_OK)
		code = run_step(d, "store", plan);
	if (code != CLI_OK)
		return code;
	d->changed = !deploy_plan_same(&d->now, &d->next);
	for (size_t i = 0; code == CLI_OK && i < LENGTH(steps); i++)
		if (steps[i].when == ALWAYS ||
		    d->changed == (steps[i].when == CHANGED))
			code = run_step(d, steps[i].word, steps[i].run);
	if (code != CLI_OK) {
		deploy_undo(d);
		return code;
	}
	print_outcome(d);
	return CLI_OK;
}
