/* SPDX-License-Identifier: MIT */
/*
 * db-explain -- "mayfly db explain": the plan of a function's statement, as the
 * function's role gets it: generic, with its settings.
 *
 * In: FUNCTION.STATEMENT and the values of $1, $2, ...; what is left out is
 * NULL.  Out: PostgreSQL's plan, with --analyze also the times.  Whatever the
 * statement writes is rolled back.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "db-direct.h"
#include "db-prepare.h"
#include "descriptor.h"

/* The statement of this name; what there is instead on standard error. */
static const struct descriptor_statement *
find_statement(struct descriptor *const *list, int n, const char *name)
{
	size_t function = strcspn(name, ".");

	for (int i = 0; i < n; i++)
		for (int k = 0; k < list[i]->nstatements; k++)
			if (strcmp(list[i]->statements[k].name, name) == 0)
				return &list[i]->statements[k];
	cli_fail(CLI_NOT_FOUND, "name it as FUNCTION.STATEMENT",
	    "there is no statement \"%s\"", name);
	for (int i = 0; i < n; i++)
		for (int k = 0; k < list[i]->nstatements; k++)
			if (strncmp(list[i]->name, name, function) == 0)
				fprintf(stderr, "  there is: %s\n",
				    list[i]->statements[k].name);
	return NULL;
}

static int
print_plan(PGconn *conn, const struct descriptor_statement *statement,
    const char *options, const char *const *args, int n)
{
	PGresult *plan = NULL;

	if (db_direct_run(conn, "BEGIN") &&
	    db_prepare_enter(conn, statement->role) &&
	    db_prepare(conn, statement))
		plan = db_prepare_explain(conn, statement, options, args, n);
	if (plan == NULL)
		return CLI_FAILED;
	for (int i = 0; i < PQntuples(plan); i++)
		puts(PQgetvalue(plan, i, 0));
	PQclear(plan);
	return db_direct_run(conn, "ROLLBACK") ? CLI_OK : CLI_FAILED;
}

static int
explain_one(struct descriptor *const *list, int n, const char *options,
    char *const words[], int nwords)
{
	const struct descriptor_statement *statement;
	PGconn *conn;
	int code;

	statement = find_statement(list, n, words[0]);
	if (statement == NULL)
		return CLI_NOT_FOUND;
	if (nwords - 1 > statement->arguments)
		return cli_fail(CLI_USAGE, NULL,
		    "%s takes %d arguments, not %d", statement->name,
		    statement->arguments, nwords - 1);
	code = db_direct_open(&conn);
	if (code == CLI_OK)
		code = print_plan(conn, statement, options,
		    (const char *const *)words + 1, nwords - 1);
	PQfinish(conn);
	return code;
}

static int
explain(int argc, char *argv[])
{
	static const struct option options[] = {
	    {"analyze", no_argument, NULL, 'a'},
	    {"functions", required_argument, NULL, 'f'},
	    {"output", required_argument, NULL, 'o'},
	    {NULL, 0, NULL, 0},
	};
	const char *folders = NULL;
	struct descriptor **list;
	bool analyze = false, json = false;
	int c, n, code;

	opterr = 0;
	for (;;) {
		c = getopt_long(argc, argv, "o:", options, NULL);
		if (c < 0)
			break;
		if (c == 'a')
			analyze = true;
		else if (c == 'f')
			folders = optarg;
		else if (c != 'o')
			return cli_bad_option(&command_db_explain, argv);
		else if (!cli_output(optarg, &json))
			return cli_fail(CLI_USAGE, "it is table or json",
			    "-o %s is no form of output", optarg);
	}
	folders = cli_functions(folders);
	if (folders == NULL || optind == argc)
		return cli_fail(CLI_USAGE, "see: mayfly help db explain",
		    "db explain needs --functions and a statement");
	n = descriptor_list(folders, &list, NULL);
	if (n < 0)
		return cli_fail(CLI_NOT_FOUND, NULL, "cannot read %s", folders);
	code = explain_one(list, n,
	    analyze
	        ? (json ? "ANALYZE, BUFFERS, FORMAT JSON" : "ANALYZE, BUFFERS")
	        : (json ? "FORMAT JSON" : "COSTS"),
	    argv + optind, argc - optind);
	descriptor_list_free(list, n);
	return code;
}

const struct command command_db_explain = {
    .name = "db explain",
    .usage = "[OPTION]... FUNCTION.STATEMENT [ARGUMENT]...",
    .about = "Show how PostgreSQL runs a statement.",
    .help =
        "  --analyze            run it, and show times and pages; what it\n"
        "                       writes is rolled back\n"
        "  --functions DIRS     where the functions are, with ':' between\n"
        "                       (default: MAYFLY_FUNCTIONS)\n"
        "  -o, --output FORM    table (text) or json\n"
        "Arguments are $1, $2, ...; what is left out is NULL.  Connects to\n"
        "MAYFLY_MIGRATE_URL, and becomes the role of the function.\n",
    .run = explain,
};
