/* SPDX-License-Identifier: MIT */
/*
 * mayfly deploy -- serve new executables.
 *
 * A folder is the whole application: what is not in it is served no more.  A
 * file is added, or replaces the release before; all else stays.  Whether
 * something has changed is judged by content, against what is stored and
 * served.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "canary.h"
#include "deploy.h"

static bool
is_given(const struct deploy *d, const char *name)
{
	for (int i = 0; i < d->nparcels; i++)
		if (strcmp(d->parcels[i].name, name) == 0)
			return true;
	return false;
}

/* With --canary: beside what is served, which goes on. */
static int
plan_canary(struct deploy *d, const struct deploy_parcel *p)
{
	struct store_function *f = deploy_plan_find(d, p->name);

	if (f == NULL)
		return cli_fail(CLI_NOT_FOUND, "deploy it without --canary",
		    "%s is not served: a canary goes beside a release",
		    p->name);
	if (strcmp(f->release, p->hash) == 0)
		return cli_fail(CLI_CONFLICT, NULL,
		    "%s is the release that is served", p->path);
	snprintf(f->canary, sizeof(f->canary), "%s", p->hash);
	f->share = d->share;
	return CLI_OK;
}

static int
plan_files(struct deploy *d)
{
	for (int i = d->next.n - 1; d->whole && i >= 0; i--)
		if (!is_given(d, d->next.functions[i].name))
			deploy_plan_delete(d, d->next.functions[i].name);
	for (int i = 0; i < d->nparcels; i++)
		deploy_plan_release(
		    deploy_plan_add(d, d->parcels[i].name), d->parcels[i].hash);
	return CLI_OK;
}

static int
plan_deploy(struct deploy *d)
{
	int code = deploy_store(d);

	if (code != CLI_OK)
		return code;
	deploy_plan_copy(d);
	if (d->share > 0)
		return plan_canary(d, &d->parcels[0]);
	return plan_files(d);
}

static int
run_deploy(struct deploy *d)
{
	int code = deploy_collect(d);

	if (code != CLI_OK)
		return code;
	if (d->share > 0 && (d->whole || d->nparcels != 1))
		return cli_fail(CLI_USAGE,
		    "deploy the others before, or behind",
		    "--canary is for one FILE");
	code = deploy_run(d, plan_deploy);
	if (code == CLI_OK && d->watch_ms > 0)
		code = canary_watch(d, d->parcels[0].name, d->parcels[0].hash);
	return code;
}

static int
deploy_command(int argc, char *argv[])
{
	struct deploy d;
	int code = deploy_open(&d, &command_deploy, argc, argv);

	if (code == CLI_OK)
		code = run_deploy(&d);
	deploy_close(&d);
	return code;
}

const struct command command_deploy = {
    .name = "deploy",
    .usage = "[OPTION]... [FOLDER... | FILE...]",
    .about = "Serve new executables: all of them, or none.",
    .help = "  FOLDER               the whole application, default "
            "MAYFLY_FUNCTIONS: what\n"
            "                       is not in it is served no more\n"
            "  FILE                 is added, or replaces a release; the "
            "rest stays\n"
            "  --canary P           FILE gets P percent of the requests, the "
            "release\n"
            "                       that is served the others\n"
            "  --for TIME           watch the canary so long (90s, 10m); "
            "then promote\n"
            "                       it, or roll it back at once when it does "
            "worse\n" DEPLOY_HELP,
    .run = deploy_command,
};
