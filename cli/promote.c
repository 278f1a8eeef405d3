/* SPDX-License-Identifier: MIT */
/* mayfly promote -- a canary becomes the release that is served. */
#include <stdio.h>
#include <string.h>

#include "deploy.h"

static int
plan_promote(struct deploy *d)
{
	char hash[STORE_HASH_CHARS + 1];
	struct store_function *f;

	deploy_plan_copy(d);
	f = deploy_plan_find(d, d->words[0]);
	if (f == NULL || f->canary[0] == '\0')
		return cli_fail(CLI_NOT_FOUND,
		    "give it one: mayfly deploy --canary 10 FILE",
		    "%s has no canary", d->words[0]);
	memcpy(hash, f->canary, sizeof(hash));
	deploy_plan_release(f, hash);
	return CLI_OK;
}

static int
promote(int argc, char *argv[])
{
	struct deploy d;
	int code = deploy_open(&d, &command_promote, argc, argv);

	if (code == CLI_OK && d.nwords != 1)
		code = cli_fail(CLI_USAGE, "see: mayfly help promote",
		    "promote takes one NAME");
	if (code == CLI_OK)
		code = deploy_run(&d, plan_promote);
	deploy_close(&d);
	return code;
}

const struct command command_promote = {
    .name = "promote",
    .usage = "[OPTION]... NAME",
    .about = "Let a canary be the release that is served.",
    .help =
        "  NAME                 the function whose canary it is\n" DEPLOY_HELP,
    .run = promote,
};
