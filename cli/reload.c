/* SPDX-License-Identifier: MIT */
/*
 * mayfly reload -- let mayflyd read its settings again, and follow the store.
 */
#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>

#include "cli.h"

/* runtime/control.h */
static void
print_change(struct json_object *answer)
{
	static const char *const members[] = {
	    "added", "replaced", "removed", "unchanged", "failed"};
	struct json_object *value;

	printf("reloaded:");
	for (size_t i = 0; i < LENGTH(members); i++) {
		json_object_object_get_ex(answer, members[i], &value);
		printf(" %d %s%s", json_object_get_int(value), members[i],
		    i + 1 < LENGTH(members) ? "," : "\n");
	}
}

static int
reload_command(int argc, char *argv[])
{
	static const struct option options[] = {
	    {"run-dir", required_argument, NULL, 'r'},
	    {NULL, 0, NULL, 0},
	};
	struct json_object *answer, *value;
	const char *run_dir = NULL;
	int c, code;

	opterr = 0;
	for (;;) {
		c = getopt_long(argc, argv, "", options, NULL);
		if (c < 0)
			break;
		if (c != 'r')
			return cli_bad_option(&command_reload, argv);
		run_dir = optarg;
	}
	if (optind < argc)
		return cli_fail(CLI_USAGE, "see: mayfly help reload",
		    "reload takes no \"%s\"", argv[optind]);
	code = cli_ask(cli_run_dir(run_dir), "reload\n", &answer);
	if (code != CLI_OK)
		return code;
	if (json_object_object_get_ex(answer, "ok", &value) &&
	    json_object_get_boolean(value)) {
		print_change(answer);
		if (json_object_object_get_ex(answer, "failed", &value) &&
		    json_object_get_int(value) > 0)
			code = cli_fail(CLI_FAILED, "its log says why",
			    "not every function can have a socket");
	} else {
		json_object_object_get_ex(answer, "error", &value);
		code = cli_fail(CLI_FAILED,
		    "it goes on with the functions it had", "mayflyd: %s",
		    value != NULL ? json_object_get_string(value)
		                  : "it did not say why");
	}
	json_object_put(answer);
	return code;
}

const struct command command_reload = {
    .name = "reload",
    .usage = "[--run-dir DIR]",
    .about = "Let mayflyd read its settings again.",
    .help = "  --run-dir DIR        where mayflyd's sockets are\n"
            "                       (default: MAYFLY_RUN_DIR, or ./var/run)\n",
    .run = reload_command,
};
