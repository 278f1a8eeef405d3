/* SPDX-License-Identifier: MIT */
/*
 * mayfly status -- what mayflyd is doing, a line for each function, and one for
 * all of them.
 *
 * BUSY is how many instances are inside a request, of how many there are.  2XX
 * to 5XX are requests by the class of their status, NONE those that got no
 * answer.  Half of the answered took at most P50 MS, all but one in a hundred
 * P99 MS, as far as the buckets of the scoreboard tell.
 */
#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "cli.h"

enum {
	COLUMNS = 14,
	CELL_BYTES = 48, /* two numbers and a '/' */
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

/* A row: what a function did, or all of them. */
struct row {
	int64_t busy, instances;
	struct board_counts counts;
	int64_t cold, crashes, killed, refused;
};

static void
read_instances(struct row *row, struct json_object *fn)
{
	struct json_object *list;
	size_t n = list_of(fn, "instances", &list);

	row->instances = (int64_t)n;
	for (size_t i = 0; i < n; i++)
		row->busy +=
		    strcmp(text(json_object_array_get_idx(list, i), "state"),
		        "busy") == 0;
}

static void
read_counts(struct board_counts *counts, struct json_object *fn)
{
	static const char *const classes[BOARD_CLASSES] = {
	    "none", "1xx", "2xx", "3xx", "4xx", "5xx"};
	struct json_object *requests, *latency;
	size_t n;

	if (json_object_object_get_ex(fn, "requests", &requests))
		for (size_t i = 0; i < LENGTH(classes); i++)
			counts->requests[i] =
			    (uint64_t)member_number(requests, classes[i]);
	n = list_of(fn, "latency", &latency);
	for (size_t i = 0; i < n && i < BOARD_BUCKETS; i++)
		counts->latency[i] = (uint64_t)json_object_get_int64(
		    json_object_array_get_idx(latency, i));
}

static struct row
read_row(struct json_object *fn)
{
	struct row row = {
	    .cold = member_number(fn, "cold_starts"),
	    .crashes = member_number(fn, "crashes"),
	    .killed = member_number(fn, "killed"),
	    .refused = member_number(fn, "refused"),
	};

	read_instances(&row, fn);
	read_counts(&row.counts, fn);
	return row;
}

static void
add_row(struct row *to, const struct row *row)
{
	to->busy += row->busy;
	to->instances += row->instances;
	board_add(&to->counts, &row->counts);
	to->cold += row->cold;
	to->crashes += row->crashes;
	to->killed += row->killed;
	to->refused += row->refused;
}

/* Milliseconds, with three digits that count. */
static void
write_percentile(
    const struct board_counts *counts, int percent, char to[CELL_BYTES])
{
	int64_t us = board_percentile_us(counts, percent);

	if (us < 0)
		snprintf(to, CELL_BYTES, "more");
	else if (us == 0)
		snprintf(to, CELL_BYTES, "-");
	else
		snprintf(to, CELL_BYTES, "%.*f",
		    us < 10000    ? 2
		    : us < 100000 ? 1
		                  : 0,
		    (double)us / 1000);
}

static void
write_row(char cells[COLUMNS][CELL_BYTES], const struct row *row)
{
	const uint64_t numbers[] = {
	    row->counts.requests[2],
	    row->counts.requests[3],
	    row->counts.requests[4],
	    row->counts.requests[5],
	    row->counts.requests[0],
	};
	const int64_t ends[] = {
	    row->cold, row->crashes, row->killed, row->refused};
	int c = 2;

	snprintf(cells[c++], CELL_BYTES, "%lld/%lld", (long long)row->busy,
	    (long long)row->instances);
	for (size_t i = 0; i < LENGTH(numbers); i++)
		snprintf(cells[c++], CELL_BYTES, "%llu",
		    (unsigned long long)numbers[i]);
	write_percentile(&row->counts, 50, cells[c++]);
	write_percentile(&row->counts, 99, cells[c++]);
	for (size_t i = 0; i < LENGTH(ends); i++)
		snprintf(cells[c++], CELL_BYTES, "%lld", (long long)ends[i]);
}

static void
print_functions(struct json_object *answer)
{
	static const char *const heading[COLUMNS] = {"NAME", "STATE", "BUSY",
	    "2XX", "3XX", "4XX", "5XX", "NONE", "P50 MS", "P99 MS", "COLD",
	    "CRASHED", "KILLED", "REFUSED"};
	struct row total = {.busy = 0}, row;
	struct json_object *list, *fn;
	char(*room)[COLUMNS][CELL_BYTES];
	const char **cells, **cell;
	size_t n = list_of(answer, "functions", &list);

	cells = cli_alloc((n + 2) * COLUMNS * sizeof(*cells));
	room = cli_alloc((n + 1) * sizeof(*room));
	memcpy(cells, heading, sizeof(heading));
	for (size_t i = 0; i <= n; i++) {
		cell = cells + (i + 1) * COLUMNS;
		for (int c = 0; c < COLUMNS; c++)
			cell[c] = room[i][c];
		cell[0] = "all";
		cell[1] = "";
		if (i < n) {
			fn = json_object_array_get_idx(list, i);
			cell[0] = text(fn, "name");
			cell[1] = text(fn, "state");
			row = read_row(fn);
			add_row(&total, &row);
		}
		write_row(room[i], i < n ? &row : &total);
	}
	cli_table(cells, (int)n + 2, COLUMNS);
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
