/* SPDX-License-Identifier: MIT */
/* canary -- see canary.h. */
#include "canary.h"

#include <getopt.h>
#include <json-c/json.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stamp.h"

enum {
	PERCENT = 100,
};

bool
canary_is_worse(
    const struct canary_counts *canary, const struct canary_counts *current)
{
	int64_t bad = canary->faults + canary->crashes;
	int64_t all = canary->answers + canary->crashes;
	int64_t bad_now = current->faults + current->crashes;
	int64_t all_now = current->answers + current->crashes;

	if (canary->crashes >= CANARY_CRASHES)
		return true;
	if (all < CANARY_ANSWERS)
		return false;
	if (all_now == 0)
		return bad * PERCENT > CANARY_POINTS * all;
	/* bad / all > bad_now / all_now + CANARY_POINTS / 100 */
	return bad * all_now * PERCENT >
	       bad_now * all * PERCENT + CANARY_POINTS * all * all_now;
}

static struct canary_counts
counts_of(struct json_object *release)
{
	struct json_object *requests = NULL;
	struct canary_counts c = {
	    .crashes =
	        cli_number(release, "crashes") + cli_number(release, "killed"),
	};

	json_object_object_get_ex(release, "requests", &requests);
	c.faults = requests != NULL ? cli_number(requests, "5xx") : 0;
	c.answers = cli_number(release, "served");
	return c;
}

/* Both releases of the function; false when one is not there. */
static bool
compare_releases(const struct deploy *d, const char *name, const char *hash,
    struct canary_counts *canary, struct canary_counts *current)
{
	struct json_object *status, *list, *releases, *one;
	bool found[2] = {false, false};
	size_t n, of;

	if (cli_ask(d->run_dir, "status\n", &status) != CLI_OK)
		return false;
	n = cli_list(status, "functions", &list);
	for (size_t i = 0; i < n; i++) {
		one = json_object_array_get_idx(list, i);
		if (strcmp(cli_text(one, "name"), name) != 0)
			continue;
		of = cli_list(one, "releases", &releases);
		for (size_t k = 0; k < of; k++) {
			one = json_object_array_get_idx(releases, k);
			if (strcmp(cli_text(one, "use"), "canary") == 0 &&
			    strncmp(cli_text(one, "release"), hash,
			        STORE_SHORT_CHARS) == 0) {
				*canary = counts_of(one);
				found[0] = true;
			} else if (strcmp(cli_text(one, "use"), "current") ==
			           0) {
				*current = counts_of(one);
				found[1] = true;
			}
		}
		break;
	}
	json_object_put(status);
	return found[0] && found[1];
}

static struct canary_counts
since(const struct canary_counts *now, const struct canary_counts *then)
{
	return (struct canary_counts){now->answers - then->answers,
	    now->faults - then->faults, now->crashes - then->crashes};
}

/* "promote NAME" or "rollback NAME", as from a command line. */
static int
decide_canary(const struct deploy *d, const struct command *command,
    const char *name, const char *why)
{
	static char no_database[] = "--no-database";
	char words[4][DEPLOY_WHY_MAX + 1], run_dir[STORE_PATH_MAX];
	char *argv[8];
	int n = 0;

	snprintf(words[0], sizeof(words[0]), "%s", command->name);
	snprintf(words[1], sizeof(words[1]), "-m%s", why);
	snprintf(words[2], sizeof(words[2]), "%s", name);
	argv[n++] = words[0];
	argv[n++] = words[1];
	snprintf(run_dir, sizeof(run_dir), "--run-dir=%s", d->run_dir);
	argv[n++] = run_dir;
	if (d->no_database)
		argv[n++] = no_database;
	if (d->json) {
		snprintf(words[3], sizeof(words[3]), "-ojson");
		argv[n++] = words[3];
	}
	argv[n++] = words[2];
	argv[n] = NULL;
	optind = 0; /* getopt_long(3): from the start */
	return command->run(n, argv);
}

static void
tell_counts(
    const struct canary_counts *canary, const struct canary_counts *current)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr,
		    "canary      %lld answers, %lld 5xx, %lld crashes; "
		    "current: %lld, %lld, %lld\n",
		    (long long)canary->answers, (long long)canary->faults,
		    (long long)canary->crashes, (long long)current->answers,
		    (long long)current->faults, (long long)current->crashes);
}

int
canary_watch(struct deploy *d, const char *name, const char *hash)
{
	int64_t end = stamp_monotonic_ms() + d->watch_ms;
	struct canary_counts canary, current, first, began, n, c = {0};
	char why[DEPLOY_WHY_MAX];

	/* Others may deploy meanwhile. */
	if (d->lock >= 0)
		close(d->lock);
	d->lock = -1;
	if (!d->running)
		return cli_fail(CLI_FAILED, "start it, or decide by hand",
		    "mayflyd does not run: nobody counts what the canary does");
	if (!compare_releases(d, name, hash, &first, &began))
		return cli_fail(
		    CLI_FAILED, NULL, "%s has no such canary", name);
	first = (struct canary_counts){0}; /* of the canary all counts */
	while (stamp_monotonic_ms() < end) {
		poll(NULL, 0, CANARY_LOOK_MS);
		if (!compare_releases(d, name, hash, &canary, &current))
			return cli_fail(CLI_CONFLICT, "see: mayfly versions",
			    "%s has another canary, or none, by now", name);
		c = since(&canary, &first);
		n = since(&current, &began);
		tell_counts(&c, &n);
		if (!canary_is_worse(&c, &n))
			continue;
		snprintf(why, sizeof(why),
		    "the canary did worse: %lld answers, %lld 5xx, %lld "
		    "crashes",
		    (long long)c.answers, (long long)c.faults,
		    (long long)c.crashes);
		if (decide_canary(d, &command_rollback, name, why) != CLI_OK)
			return CLI_FAILED;
		return cli_fail(CLI_UNHEALTHY, NULL, "%s: %s", name, why);
	}
	if (c.faults + c.crashes > 0 && c.answers + c.crashes < CANARY_ANSWERS)
		return cli_fail(CLI_UNHEALTHY,
		    "promote it or roll it back by hand",
		    "%s: too few answers to judge its faults by", name);
	return decide_canary(
	    d, &command_promote, name, "the canary did no worse");
}
