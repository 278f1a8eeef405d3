/* SPDX-License-Identifier: MIT */
/*
 * mayfly upgrade -- let another mayflyd take the place of the one that runs:
 * the same process, with its sockets and instances.  mayflyd asks the program
 * first whether it can, and goes on as it was when not.
 */
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "stamp.h"

enum {
	UPGRADE_WAIT_MS = 10000, /* for the first answer of the new program */
	UPGRADE_LOOK_MS = 20,    /* between two looks */
};

/* Of runtime/control.h's status, what tells one program from the next. */
struct program {
	char version[64];
	int64_t pid, started_ns;
};

static int
look_at_program(const char *run_dir, struct program *p)
{
	struct json_object *answer, *value;
	int code;

	code = cli_ask(run_dir, "status\n", &answer);
	if (code != CLI_OK)
		return code;
	json_object_object_get_ex(answer, "version", &value);
	snprintf(p->version, sizeof(p->version), "%s",
	    value != NULL ? json_object_get_string(value) : "?");
	json_object_object_get_ex(answer, "pid", &value);
	p->pid = json_object_get_int64(value);
	json_object_object_get_ex(answer, "started_ns", &value);
	p->started_ns = json_object_get_int64(value);
	json_object_put(answer);
	return CLI_OK;
}

/* Returns when it has agreed, and does it. */
static int
ask_for_it(const char *run_dir, const char *program)
{
	char line[PATH_MAX + 16];
	struct json_object *answer, *value;
	int code;

	snprintf(line, sizeof(line), "upgrade%s%s\n",
	    program != NULL ? " " : "", program != NULL ? program : "");
	code = cli_ask(run_dir, line, &answer);
	if (code != CLI_OK)
		return code;
	if (!json_object_object_get_ex(answer, "ok", &value) ||
	    !json_object_get_boolean(value)) {
		json_object_object_get_ex(answer, "error", &value);
		code = cli_fail(CLI_FAILED, "it goes on as it was",
		    "no upgrade: %s",
		    value != NULL ? json_object_get_string(value)
		                  : "it did not say why");
	}
	json_object_put(answer);
	return code;
}

static int
upgrade_all(const char *run_dir, const char *program)
{
	int64_t begin, end;
	struct program before, after;
	int code;

	code = look_at_program(run_dir, &before);
	if (code == CLI_OK)
		code = ask_for_it(run_dir, program);
	if (code != CLI_OK)
		return code;
	begin = stamp_monotonic_ms();
	end = begin + UPGRADE_WAIT_MS;
	for (;;) {
		code = look_at_program(run_dir, &after);
		if (code != CLI_OK)
			return code;
		if (after.started_ns != before.started_ns)
			break;
		if (stamp_monotonic_ms() >= end)
			return cli_fail(CLI_FAILED, "its log says why",
			    "mayflyd %s is still the old one", before.version);
		poll(NULL, 0, UPGRADE_LOOK_MS);
	}
	if (after.pid != before.pid)
		return cli_fail(CLI_FAILED, "its log says why",
		    "mayflyd ended, and was started anew: pid %lld, not %lld",
		    (long long)after.pid, (long long)before.pid);
	printf("upgraded: mayflyd %s -> %s, pid %lld, answers after %lld ms\n",
	    before.version, after.version, (long long)after.pid,
	    (long long)(stamp_monotonic_ms() - begin));
	return CLI_OK;
}

static int
upgrade_command(int argc, char *argv[])
{
	static const struct option options[] = {
	    {"program", required_argument, NULL, 'p'},
	    {"run-dir", required_argument, NULL, 'r'},
	    {NULL, 0, NULL, 0},
	};
	const char *run_dir = NULL, *given = NULL;
	char *program = NULL;
	int c, code;

	opterr = 0;
	for (;;) {
		c = getopt_long(argc, argv, "", options, NULL);
		if (c < 0)
			break;
		if (c == 'p')
			given = optarg;
		else if (c == 'r')
			run_dir = optarg;
		else
			return cli_bad_option(&command_upgrade, argv);
	}
	if (optind < argc)
		return cli_fail(CLI_USAGE, "see: mayfly help upgrade",
		    "upgrade takes no \"%s\"", argv[optind]);
	if (given != NULL) {
		program = realpath(given, NULL);
		if (program == NULL)
			return cli_fail(CLI_NOT_FOUND, NULL, "%s: %s", given,
			    strerror(errno));
	}
	code = upgrade_all(cli_run_dir(run_dir), program);
	free(program);
	return code;
}

const struct command command_upgrade = {
    .name = "upgrade",
    .usage = "[--program FILE] [--run-dir DIR]",
    .about = "Let another mayflyd take the place of the one that runs.",
    .help = "  --program FILE       the mayflyd to be executed (default: the\n"
            "                       path that it was started by)\n"
            "  --run-dir DIR        where mayflyd's sockets are\n"
            "                       (default: MAYFLY_RUN_DIR, or ./var/run)\n",
    .run = upgrade_command,
};
