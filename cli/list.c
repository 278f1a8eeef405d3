/* SPDX-License-Identifier: MIT */
/*
 * mayfly list -- the functions in some folders, as their executables describe
 * themselves.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "descriptor.h"
#include "out.h"

enum {
	COLUMNS = 9,
	NUMBER_BYTES = 24,
	JSON_MAX_BYTES = 4 * 1024 * 1024,
};

static void
complain_passed_over(const char *program, const char *problem)
{
	fprintf(stderr, "mayfly: %s: %s (passed over)\n", program, problem);
}

static int
print_json(struct descriptor **list, int n)
{
	struct out o = out_new(JSON_MAX_BYTES);

	out_list(&o, NULL);
	for (int i = 0; i < n; i++) {
		out_begin(&o, NULL);
		out_text(&o, "name", list[i]->name);
		out_text(&o, "method", http_methods[list[i]->method]);
		out_text(&o, "path", list[i]->path);
		out_text(&o, "auth", descriptor_auths[list[i]->auth]);
		out_text(&o, "role", descriptor_roles[list[i]->role]);
		out_text(&o, "program", list[i]->program);
		out_begin(&o, "limits");
		for (int k = 0; k < DESCRIPTOR_LIMITS; k++)
			out_int(&o, descriptor_limits[k].name,
			    descriptor_limit_get(
			        &list[i]->limits, &descriptor_limits[k]));
		out_end(&o);
		out_end(&o);
	}
	out_end(&o);
	if (o.buf.failed) {
		buf_free(&o.buf);
		return cli_fail(CLI_FAILED, NULL, "the list is too long");
	}
	puts(o.buf.data);
	buf_free(&o.buf);
	return CLI_OK;
}

/* A number in a cell; "-" where mayflyd's setting decides. */
static const char *
limit_cell(char room[NUMBER_BYTES], int64_t value)
{
	if (value == 0)
		return "-";
	snprintf(room, NUMBER_BYTES, "%lld", (long long)value);
	return room;
}

static void
print_table(struct descriptor **list, int n)
{
	static const char *const heading[COLUMNS] = {"NAME", "METHOD", "PATH",
	    "AUTH", "ROLE", "BODY BYTES", "DEADLINE MS", "INSTANCES",
	    "MEMORY MIB"};
	char(*room)[NUMBER_BYTES];
	const char **cells, **cell;

	cells = cli_alloc((size_t)(n + 1) * COLUMNS * sizeof(*cells));
	room = cli_alloc((size_t)(n + 1) * COLUMNS * sizeof(*room));
	memcpy(cells, heading, sizeof(heading));
	for (int i = 0; i < n; i++) {
		cell = cells + (i + 1) * COLUMNS;
		cell[0] = list[i]->name;
		cell[1] = http_methods[list[i]->method];
		cell[2] = list[i]->path;
		cell[3] = descriptor_auths[list[i]->auth];
		cell[4] = descriptor_roles[list[i]->role];
		cell[5] = limit_cell(
		    room[i * COLUMNS + 5], list[i]->limits.body_max_bytes);
		cell[6] = limit_cell(
		    room[i * COLUMNS + 6], list[i]->limits.deadline_ms);
		cell[7] = limit_cell(
		    room[i * COLUMNS + 7], list[i]->limits.max_instances);
		cell[8] = limit_cell(
		    room[i * COLUMNS + 8], list[i]->limits.memory_max_mib);
	}
	cli_table(cells, n + 1, COLUMNS);
	free(cells);
	free(room);
}

static int
list(int argc, char *argv[])
{
	static const struct option options[] = {
	    {"functions", required_argument, NULL, 'f'},
	    {"output", required_argument, NULL, 'o'},
	    {NULL, 0, NULL, 0},
	};
	const char *folders = NULL;
	struct descriptor **found;
	bool json = false;
	int c, n, code = CLI_OK;

	opterr = 0;
	for (;;) {
		c = getopt_long(argc, argv, "o:", options, NULL);
		if (c < 0)
			break;
		if (c == 'f')
			folders = optarg;
		else if (c != 'o')
			return cli_bad_option(&command_list, argv);
		else if (!cli_output(optarg, &json))
			return cli_fail(CLI_USAGE, "it is table or json",
			    "-o %s is no form of output", optarg);
	}
	folders = cli_functions(folders);
	if (folders == NULL || optind < argc)
		return cli_fail(CLI_USAGE,
		    "name folders: mayfly list --functions DIR[:DIR]...",
		    "it is not clear which functions to list");
	n = descriptor_list(folders, &found, complain_passed_over);
	if (n < 0)
		return cli_fail(CLI_NOT_FOUND,
		    "check --functions or MAYFLY_FUNCTIONS", "%s: %s", folders,
		    strerror(errno));
	if (json)
		code = print_json(found, n);
	else
		print_table(found, n);
	descriptor_list_free(found, n);
	return code;
}

const struct command command_list = {
    .name = "list",
    .usage = "[--functions DIRS] [-o table|json]",
    .about = "Show the functions: name, route, limits.",
    .help = "  --functions DIRS     folders of executables, separated by ':'\n"
            "                       (default: MAYFLY_FUNCTIONS)\n"
            "  -o, --output FORM    table or json\n",
    .run = list,
};
