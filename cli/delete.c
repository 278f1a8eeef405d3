/* SPDX-License-Identifier: MIT */
/* mayfly delete -- take functions out of service; the store keeps them for a
 * rollback. */
#include <stdio.h>

#include "deploy.h"

static int
plan_delete(struct deploy *d)
{
	deploy_plan_copy(d);
	for (int i = 0; i < d->nwords; i++) {
		if (deploy_plan_find(d, d->words[i]) == NULL)
			return cli_fail(CLI_NOT_FOUND,
			    "list what is: mayfly versions", "%s is not served",
			    d->words[i]);
		deploy_plan_delete(d, d->words[i]);
	}
	return CLI_OK;
}

static int
delete_command(int argc, char *argv[])
{
	struct deploy d;
	int code = deploy_open(&d, &command_delete, argc, argv);

	if (code == CLI_OK && d.nwords == 0)
		code = cli_fail(CLI_USAGE, "see: mayfly help delete",
		    "delete takes the NAME of a function");
	if (code == CLI_OK)
		code = deploy_run(&d, plan_delete);
	deploy_close(&d);
	return code;
}

const struct command command_delete = {
    .name = "delete",
    .usage = "[OPTION]... NAME...",
    .about = "Take functions out of service.",
    .help = "  NAME                 of a function; a rollback brings it "
            "back\n" DEPLOY_HELP,
    .run = delete_command,
};
