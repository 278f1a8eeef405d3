/* SPDX-License-Identifier: MIT */
/*
 * db-check-command -- "mayfly db check": whether functions and migrations would
 * do on this database, beside what serves now.
 *
 * In: executables, a folder of migrations, and the generation of the store that
 * is in force.  Out: one line, or what is to be mended on standard error.
 * Nothing is changed.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "db-check.h"
#include "setting.h"
#include "store.h"

/* How many executables are no functions. */
static int not_functions;

static void
complain_program(const char *program, const char *problem)
{
	fprintf(stderr, "mayfly: %s: %s\n", program, problem);
	not_functions++;
}

static int
read_coming(const char *folders, struct descriptor ***list, int *n)
{
	*n = descriptor_list(folders, list, complain_program);
	if (*n < 0) {
		*n = 0;
		return cli_fail(CLI_NOT_FOUND, NULL, "cannot read %s", folders);
	}
	if (not_functions > 0)
		return cli_fail(CLI_FAILED,
		    "mend or remove them; functions are in folders of their"
		    " own",
		    "not every executable is a function");
	return CLI_OK;
}

/* One release that serves. */
static int
add_served(const char *store, const char *name, const char *hash,
    struct descriptor **list, int *n)
{
	char problem[512];

	list[*n] =
	    store_descriptor(store, hash, name, problem, sizeof(problem));
	if (list[*n] == NULL)
		return cli_fail(CLI_FAILED, "see MAYFLY_STORE, MAYFLY_APP",
		    "%s: %s", name, problem);
	++*n;
	return CLI_OK;
}

/* What the generation in force serves, canaries too; nothing without one. */
static int
read_serving(struct descriptor ***list, int *n)
{
	const char *store = setting_text(SETTING_STORE);
	const struct store_function *f;
	struct store_generation now;
	enum store_status status;
	char problem[512];
	int code = CLI_OK;

	status = store_read(store, setting_text(SETTING_APP), 0, &now, problem,
	    sizeof(problem));
	if (status == STORE_BAD)
		return cli_fail(
		    CLI_FAILED, "see MAYFLY_STORE, MAYFLY_APP", "%s", problem);
	*list = cli_alloc((size_t)now.n * 2 * sizeof(**list));
	for (int i = 0; i < now.n && code == CLI_OK; i++) {
		f = &now.functions[i];
		code = add_served(store, f->name, f->release, *list, n);
		if (code == CLI_OK && f->canary[0] != '\0')
			code = add_served(store, f->name, f->canary, *list, n);
	}
	store_free(&now);
	return code;
}

static int
report(struct db_check *check)
{
	int code = db_check(check);

	if (code == CLI_OK && check->unknown)
		code = cli_fail(CLI_FAILED,
		    "migrate a copy of it by hand, or take the risk",
		    "%d migrations are due, and cannot be tried here: %s",
		    check->due, check->why);
	if (code == CLI_OK)
		printf("good: %d migrations are due, %d statements can be "
		       "prepared, %d of what serves now would break\n",
		    check->due, check->statements - check->warned,
		    check->warned);
	return code;
}

static int
check_all(struct db_check *check, const char *folders)
{
	struct descriptor **coming = NULL, **serving = NULL;
	int ncoming = 0, nserving = 0, code = CLI_OK;
	char problem[512];

	if (!setting_load(problem, sizeof(problem)))
		return cli_fail(CLI_FAILED, NULL, "%s", problem);
	if (folders != NULL)
		code = read_coming(folders, &coming, &ncoming);
	if (code == CLI_OK)
		code = read_serving(&serving, &nserving);
	if (code == CLI_OK) {
		check->coming = coming;
		check->ncoming = ncoming;
		check->serving = serving;
		check->nserving = nserving;
		code = report(check);
	}
	descriptor_list_free(coming, ncoming);
	descriptor_list_free(serving, nserving);
	return code;
}

static int
db_check_run(int argc, char *argv[])
{
	static const struct option options[] = {
	    {"break", no_argument, NULL, 'b'},
	    {"migrations", required_argument, NULL, 'm'},
	    {NULL, 0, NULL, 0},
	};
	struct db_check check = {.all = true};
	const char *folders;
	int c;

	opterr = 0;
	for (;;) {
		c = getopt_long(argc, argv, "", options, NULL);
		if (c < 0)
			break;
		if (c == 'b')
			check.break_allowed = true;
		else if (c == 'm')
			check.migrations = optarg;
		else
			return cli_bad_option(&command_db_check, argv);
	}
	if (argc - optind > 1)
		return cli_fail(CLI_USAGE, "see: mayfly help db check",
		    "db check takes no \"%s\"", argv[optind + 1]);
	folders = cli_functions(optind < argc ? argv[optind] : NULL);
	if (folders == NULL && check.migrations == NULL)
		return cli_fail(CLI_USAGE, "name them, with ':' between",
		    "no folders given, and MAYFLY_FUNCTIONS is not set");
	return check_all(&check, folders);
}

const struct command command_db_check = {
    .name = "db check",
    .usage = "[--break] [--migrations DIR] [FOLDERS]",
    .about = "Try migrations and statements before they are deployed.",
    .help = "  --break           what serves now may break: say so, no more\n"
            "  --migrations DIR  of files 001-topic.sql, 002-...; default "
            "none\n"
            "  FOLDERS           where the functions are, with ':' between; "
            "default\n"
            "                    MAYFLY_FUNCTIONS\n"
            "Connects to MAYFLY_MIGRATE_URL.  Migrations are tried on a copy "
            "of the\n"
            "schema, mayfly_scratch_N, which is dropped again.\n",
    .run = db_check_run,
};
