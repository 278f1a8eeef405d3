/* SPDX-License-Identifier: MIT */
/*
 * mayfly status -- what mayflyd is doing, a line for each function.
 *
 * INSTANCES counts processes, BUSY those inside a request, BUSY MS how long
 * the longest of these has been at it.
 */
#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum {
	COLUMNS = 11,
	NUMBER_BYTES = 24,
};

/* Never NULL, also when the member is missing. */
static const char *
text(struct json_object *from, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(from, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return "-";
	return json_object_get_string(value);
}

static int64_t
member_number(struct json_object *from, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(from, key, &value))
		return 0;
	return json_object_get_int64(value);
}

static size_t
list_of(struct json_object *from, const char *key, struct json_object **list)
{
	if (!json_object_object_get_ex(from, key, list) ||
	    !json_object_is_type(*list, json_type_array))
		return 0;
	return json_object_array_length(*list);
}

static void
count_instances(
    struct json_object *fn, int64_t *all, int64_t *busy, int64_t *busy_ms)
{
	struct json_object *instances, *one;
	size_t n;

	*busy = 0;
	*busy_ms = 0;
	n = list_of(fn, "instances", &instances);
	*all = (int64_t)n;
	for (size_t i = 0; i < n; i++) {
		one = json_object_array_get_idx(instances, i);
		if (strcmp(text(one, "state"), "busy") != 0)
			continue;
		*busy += 1;
		if (member_number(one, "busy_ms") > *busy_ms)
			*busy_ms = member_number(one, "busy_ms");
	}
}

static void
print_functions(struct json_object *answer)
{
	static const char *const heading[COLUMNS] = {"NAME", "ROUTE", "STATE",
	    "INSTANCES", "BUSY", "BUSY MS", "SERVED", "COLD STARTS", "CRASHES",
	    "KILLED", "REFUSED"};
	static const char *const counts[] = {
	    "served", "cold_starts", "crashes", "killed", "refused"};
	struct json_object *list, *fn;
	char(*room)[NUMBER_BYTES];
	const char **cells, **cell;
	int64_t values[3 + LENGTH(counts)];
	size_t n = list_of(answer, "functions", &list);

	cells = cli_alloc((n + 1) * COLUMNS * sizeof(*cells));
	room = cli_alloc((n + 1) * COLUMNS * sizeof(*room));
	memcpy(cells, heading, sizeof(heading));
	for (size_t i = 0; i < n; i++) {
		fn = json_object_array_get_idx(list, i);
		cell = cells + (i + 1) * COLUMNS;
		cell[0] = text(fn, "name");
		cell[1] = text(fn, "route");
		cell[2] = text(fn, "state");
		count_instances(fn, &values[0], &values[1], &values[2]);
		for (size_t k = 0; k < LENGTH(counts); k++)
			values[3 + k] = member_number(fn, counts[k]);
		for (size_t k = 0; k < LENGTH(values); k++) {
			cell[3 + k] = room[i * COLUMNS + k];
			snprintf(room[i * COLUMNS + k], NUMBER_BYTES, "%lld",
			    (long long)values[k]);
		}
	}
	cli_table(cells, (int)n + 1, COLUMNS);
	free(cells);
	free(room);
}

static void
print_uptime(int64_t s)
{
	if (s >= 86400)
		printf("%lld d %lld h", (long long)(s / 86400),
		    (long long)(s % 86400 / 3600));
	else if (s >= 3600)
		printf("%lld h %lld min", (long long)(s / 3600),
		    (long long)(s % 3600 / 60));
	else if (s >= 60)
		printf("%lld min %lld s", (long long)(s / 60),
		    (long long)(s % 60));
	else
		printf("%lld s", (long long)s);
}

static int
status(int argc, char *argv[])
{
	static const struct option options[] = {
	    {"output", required_argument, NULL, 'o'},
	    {"run-dir", required_argument, NULL, 'r'},
	    {NULL, 0, NULL, 0},
	};
	const char *run_dir = NULL;
	struct json_object *answer;
	bool json = false;
	int c, code;

	opterr = 0;
	for (;;) {
		c = getopt_long(argc, argv, "o:", options, NULL);
		if (c < 0)
			break;
		if (c == 'r')
			run_dir = optarg;
		else if (c != 'o')
			return cli_bad_option(&command_status, argv);
		else if (!cli_output(optarg, &json))
			return cli_fail(CLI_USAGE, "it is table or json",
			    "-o %s is no form of output", optarg);
	}
	if (optind < argc)
		return cli_fail(CLI_USAGE, "see: mayfly help status",
		    "status takes no \"%s\"", argv[optind]);
	code = cli_ask(cli_run_dir(run_dir), "status\n", &answer);
	if (code != CLI_OK)
		return code;
	if (json) {
		puts(json_object_to_json_string_ext(answer,
		    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	} else {
		printf("mayflyd %s, pid %lld, up ", text(answer, "version"),
		    (long long)member_number(answer, "pid"));
		print_uptime(member_number(answer, "uptime_s"));
		puts("\n");
		print_functions(answer);
	}
	json_object_put(answer);
	return CLI_OK;
}

const struct command command_status = {
    .name = "status",
    .usage = "[--run-dir DIR] [-o table|json]",
    .about = "Show what mayflyd is doing.",
    .help = "  --run-dir DIR        where mayflyd's sockets are\n"
            "                       (default: MAYFLY_RUN_DIR, or ./var/run)\n"
            "  -o, --output FORM    table or json\n",
    .run = status,
};
