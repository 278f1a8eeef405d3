/* SPDX-License-Identifier: MIT */
/*
 * mayfly versions -- the generations in the store, or the releases of one
 * function: since when, why, and which is current.
 */
#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "out.h"
#include "setting.h"
#include "store-write.h"

enum {
	PROBLEM_BYTES = 1024,
	OUTPUT_MAX_BYTES = 4 * 1024 * 1024,
	CELL_BYTES = 24,
	TIME_CHARS = 19, /* 2026-11-26T12:00:00 */
	STATE_COLUMNS = 4,
};

struct request {
	const char *store, *app, *name;
	bool json;
};

/* A release of one function, or a generation: a row. */
struct row {
	char id[STORE_HASH_CHARS + 1];
	char at[CELL_BYTES];
	char *why;
	int functions;
	const char *state; /* "current", "previous", "canary" or "" */
};

struct rows {
	struct row *list;
	int n;
};

static struct row *
new_row(struct rows *rows)
{
	rows->list = cli_realloc(
	    rows->list, ((size_t)rows->n + 1) * sizeof(*rows->list));
	rows->list[rows->n] = (struct row){.state = ""};
	return &rows->list[rows->n++];
}

static void
take_arrival(const struct request *r, const char *hash, struct row *row)
{
	char path[STORE_PATH_MAX];
	struct json_object *root = NULL;

	if (store_path(path, r->store, hash, "arrival.json"))
		root = json_object_from_file(path);
	if (root != NULL && json_object_is_type(root, json_type_object)) {
		snprintf(row->at, sizeof(row->at), "%.*s", TIME_CHARS,
		    cli_text(root, "at"));
		row->why = strdup(cli_text(root, "why"));
	}
	json_object_put(root);
}

static void
release_row(const struct request *r, struct rows *rows, const char *hash,
    const char *state)
{
	struct row *row;

	if (*hash == '\0' || !store_write_has(r->store, hash, r->name))
		return;
	for (int i = 0; i < rows->n; i++)
		if (strcmp(rows->list[i].id, hash) == 0)
			return;
	row = new_row(rows);
	snprintf(row->id, sizeof(row->id), "%s", hash);
	row->state = state;
	take_arrival(r, hash, row);
}

static void
add_generation(struct rows *rows, const struct store_generation *g, int current)
{
	struct row *row = new_row(rows);

	snprintf(row->id, sizeof(row->id), "%d", g->number);
	snprintf(row->at, sizeof(row->at), "%.*s", TIME_CHARS, g->at);
	row->why = strdup(g->why);
	row->functions = g->n;
	row->state = g->number == current ? "current" : "";
}

/* A generation's rows: itself, or what it has of the function. */
static void
add_rows(const struct request *r, struct rows *rows,
    const struct store_generation *g, int current)
{
	const struct store_function *f;
	bool now = g->number == current;

	if (r->name == NULL) {
		add_generation(rows, g, current);
		return;
	}
	f = store_find(g, r->name);
	if (f == NULL)
		return;
	release_row(r, rows, f->canary, now ? "canary" : "");
	release_row(r, rows, f->release, now ? "current" : "");
	if (now)
		release_row(r, rows, f->previous, "previous");
}

static int
collect_rows(const struct request *r, struct rows *rows)
{
	char problem[PROBLEM_BYTES];
	struct store_generation g;
	int *numbers, n, current;

	if (store_read(r->store, r->app, 0, &g, problem, sizeof(problem)) ==
	    STORE_BAD)
		return cli_fail(CLI_FAILED, NULL, "%s", problem);
	current = g.number;
	store_free(&g);
	n = store_write_numbers(
	    r->store, r->app, &numbers, problem, sizeof(problem));
	if (n < 0)
		return cli_fail(CLI_FAILED, NULL, "%s", problem);
	for (int i = 0; i < n; i++) {
		/* One above is of a deploy that is at work, or was killed. */
		if (numbers[i] > current)
			continue;
		if (store_read(r->store, r->app, numbers[i], &g, problem,
		        sizeof(problem)) == STORE_READ)
			add_rows(r, rows, &g, current);
		store_free(&g);
	}
	free(numbers);
	if (rows->n > 0)
		return CLI_OK;
	if (r->name != NULL)
		return cli_fail(CLI_NOT_FOUND, "list them: mayfly list",
		    "the store has no release of %s", r->name);
	return cli_fail(CLI_NOT_FOUND, "see: mayfly help deploy",
	    "nothing has been deployed: %s/%s", r->store, r->app);
}

static void
print_versions_json(const struct request *r, const struct rows *rows)
{
	struct out o = out_new(OUTPUT_MAX_BYTES);

	out_begin(&o, NULL);
	out_text(&o, "app", r->app);
	if (r->name != NULL)
		out_text(&o, "name", r->name);
	out_list(&o, r->name != NULL ? "releases" : "generations");
	for (int i = 0; i < rows->n; i++) {
		const struct row *row = &rows->list[i];

		out_begin(&o, NULL);
		if (r->name != NULL)
			out_text(&o, "release", row->id);
		else
			out_int(&o, "generation", strtol(row->id, NULL, 10));
		out_text(&o, "at", row->at);
		out_text(&o, "why", row->why);
		if (r->name == NULL)
			out_int(&o, "functions", row->functions);
		out_text(&o, "state", row->state);
		out_end(&o);
	}
	out_end(&o);
	out_end(&o);
	if (!o.buf.failed)
		puts(o.buf.data);
	buf_free(&o.buf);
}

static void
print_versions(const struct request *r, struct rows *rows)
{
	const char **cells =
	               cli_alloc(((size_t)rows->n + 1) * 5 * sizeof(*cells)),
	           **cell = cells;
	char(*counts)[CELL_BYTES] =
	    cli_alloc(((size_t)rows->n + 1) * sizeof(*counts));
	bool one = r->name != NULL;

	*cell++ = one ? "RELEASE" : "GENERATION";
	*cell++ = "SINCE (UTC)";
	*cell++ = "STATE";
	if (!one)
		*cell++ = "FUNCTIONS";
	*cell++ = "WHY";
	for (int i = 0; i < rows->n; i++) {
		struct row *row = &rows->list[i];

		if (one)
			row->id[STORE_SHORT_CHARS] = '\0';
		snprintf(counts[i], CELL_BYTES, "%d", row->functions);
		*cell++ = row->id;
		*cell++ = row->at;
		*cell++ = *row->state != '\0' ? row->state : "kept";
		if (!one)
			*cell++ = counts[i];
		*cell++ = row->why != NULL ? row->why : "";
	}
	cli_table(cells, rows->n + 1, one ? STATE_COLUMNS : STATE_COLUMNS + 1);
	free(counts);
	free(cells);
}

static int
take_versions_request(struct request *r, int argc, char *argv[])
{
	static const struct option options[] = {
	    {"output", required_argument, NULL, 'o'},
	    {NULL, 0, NULL, 0},
	};
	char problem[PROBLEM_BYTES];
	int c;

	opterr = 0;
	for (;;) {
		c = getopt_long(argc, argv, "o:", options, NULL);
		if (c < 0)
			break;
		if (c != 'o')
			return cli_bad_option(&command_versions, argv);
		if (!cli_output(optarg, &r->json))
			return cli_fail(CLI_USAGE, "it is table or json",
			    "-o %s is no form of output", optarg);
	}
	if (argc - optind > 1)
		return cli_fail(CLI_USAGE, "see: mayfly help versions",
		    "versions takes one NAME");
	r->name = optind < argc ? argv[optind] : NULL;
	if (!setting_load(problem, sizeof(problem)))
		return cli_fail(CLI_FAILED, NULL, "%s", problem);
	r->store = setting_text(SETTING_STORE);
	r->app = setting_text(SETTING_APP);
	return CLI_OK;
}

static int
versions(int argc, char *argv[])
{
	struct request r = {.json = false};
	struct rows rows = {.list = NULL};
	int code;

	code = take_versions_request(&r, argc, argv);
	if (code == CLI_OK)
		code = collect_rows(&r, &rows);
	if (code == CLI_OK && r.json)
		print_versions_json(&r, &rows);
	else if (code == CLI_OK)
		print_versions(&r, &rows);
	for (int i = 0; i < rows.n; i++)
		free(rows.list[i].why);
	free(rows.list);
	return code;
}

const struct command command_versions = {
    .name = "versions",
    .usage = "[-o table|json] [NAME]",
    .about = "List what was deployed, or the releases of a function.",
    .help = "  NAME                 of a function\n"
            "  -o, --output FORM    table or json\n",
    .run = versions,
};
