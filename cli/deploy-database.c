/* SPDX-License-Identifier: MIT */
/*
 * deploy-database -- see deploy.h: the schema and the statements of the next
 * generation; the database is asked in db-check.c before it is changed.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db-check.h"
#include "db-migrate.h"
#include "db-statements.h"
#include "deploy.h"

/* Descriptors of other releases than d->parts. */
struct others {
	struct descriptor **list;
	int n;
};

static void
others_free(struct others *o)
{
	for (int i = 0; i < o->n; i++)
		descriptor_free(o->list[i]);
	free(o->list);
}

static struct descriptor **
list_coming(const struct deploy *d)
{
	struct descriptor **list =
	    cli_alloc(((size_t)d->nparts + 1) * sizeof(*list));

	for (int i = 0; i < d->nparts; i++)
		list[i] = d->parts[i].descriptor;
	return list;
}

static bool
has_statements(const struct deploy *d)
{
	for (int i = 0; i < d->nparts; i++)
		if (d->parts[i].descriptor->nstatements > 0)
			return true;
	return false;
}

/* Whether there is a database to ask.  False with *code CLI_OK where none is
 * needed. */
static bool
asks_database(const struct deploy *d, int *code)
{
	const char *url = getenv("MAYFLY_MIGRATE_URL");

	*code = CLI_OK;
	if (d->no_database)
		return false;
	if (url != NULL && *url != '\0')
		return true;
	if (d->migrations != NULL || has_statements(d))
		*code = cli_fail(CLI_USAGE,
		    "set it to a connection string of the database's owner, "
		    "or say --no-database",
		    "MAYFLY_MIGRATE_URL is not set, and functions have "
		    "statements");
	return false;
}

/* What is served now; one that cannot be read any more is none. */
static void
add_serving(const struct deploy *d, struct others *o, const char *name,
    const char *hash)
{
	char problem[DEPLOY_PROBLEM_BYTES];
	struct descriptor *one;

	one = store_descriptor(d->store, hash, name, problem, sizeof(problem));
	if (one != NULL)
		o->list[o->n++] = one;
}

static void
list_serving(const struct deploy *d, struct others *o)
{
	o->list = cli_alloc((2 * (size_t)d->now.n + 1) * sizeof(*o->list));
	o->n = 0;
	for (int i = 0; i < d->now.n; i++) {
		const struct store_function *f = &d->now.functions[i];

		add_serving(d, o, f->name, f->release);
		if (f->canary[0] != '\0')
			add_serving(d, o, f->name, f->canary);
	}
}

int
deploy_database_check(struct deploy *d)
{
	struct descriptor **coming;
	struct others serving;
	struct db_check check = {
	    .migrations = d->migrations, .break_allowed = d->allow_break};
	int code;

	if (!asks_database(d, &code))
		return code;
	coming = list_coming(d);
	list_serving(d, &serving);
	check.coming = coming;
	check.ncoming = d->nparts;
	check.serving = serving.list;
	check.nserving = serving.n;
	code = db_check(&check);
	d->due = check.due;
	d->untried = check.unknown;
	if (code == CLI_OK && check.unknown)
		cli_say("migrations cannot be tried beforehand: %s", check.why);
	snprintf(d->note, sizeof(d->note), "%d statements, %d migrations due",
	    check.statements, check.due);
	others_free(&serving);
	free(coming);
	return code;
}

/* standard output carries the outcome: what is said meanwhile goes beside it */
static int
swap_output(int saved)
{
	fflush(stdout);
	if (saved >= 0) {
		dup2(saved, STDOUT_FILENO);
		close(saved);
		return -1;
	}
	saved = dup(STDOUT_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	return saved;
}

/* What could not be tried on a copy is tried when the schema is there: what
 * serves has it already, and what comes is not started when it would fail. */
static int
check_live(struct deploy *d)
{
	struct descriptor **coming = list_coming(d);
	struct db_check check = {
	    .coming = coming, .ncoming = d->nparts, .all = true};
	int code = db_check(&check);

	free(coming);
	return code;
}

int
deploy_migrate(struct deploy *d)
{
	struct db_migrations m = {.folder = d->migrations};
	PGconn *conn = NULL;
	int code, saved;

	if (d->migrations == NULL || !asks_database(d, &code) || d->due == 0)
		return CLI_OK;
	code = db_migrate_load(&m, d->migrations);
	if (code == CLI_OK)
		code = db_direct_open(&conn);
	saved = swap_output(-1);
	if (code == CLI_OK)
		code = db_migrate_apply(conn, &m);
	swap_output(saved);
	snprintf(d->note, sizeof(d->note), "%d applied", d->due);
	PQfinish(conn);
	db_migrate_free(&m);
	return code == CLI_OK && d->untried ? check_live(d) : code;
}

/* ---- statements ---- */

/* The prepared names of all releases in the store that could come back. */
static void
add_stored(
    struct deploy *d, struct others *o, const char *name, const char *hash)
{
	char problem[DEPLOY_PROBLEM_BYTES];
	struct descriptor *one;

	for (int i = 0; i < o->n; i++)
		if (strstr(o->list[i]->program, hash) != NULL)
			return;
	one = store_descriptor(d->store, hash, name, problem, sizeof(problem));
	if (one == NULL)
		return;
	o->list = cli_realloc(o->list, ((size_t)o->n + 2) * sizeof(*o->list));
	o->list[o->n++] = one;
}

static void
list_stored(struct deploy *d, struct others *o)
{
	char problem[DEPLOY_PROBLEM_BYTES];
	struct store_generation g;
	int *numbers, n;

	n = store_write_numbers(
	    d->store, d->app, &numbers, problem, sizeof(problem));
	*o = (struct others){.list = NULL};
	for (int i = 0; i < n; i++) {
		if (store_read(d->store, d->app, numbers[i], &g, problem,
		        sizeof(problem)) == STORE_READ)
			for (int k = 0; k < g.n; k++) {
				const struct store_function *f =
				    &g.functions[k];

				add_stored(d, o, f->name, f->release);
				if (f->canary[0] != '\0')
					add_stored(d, o, f->name, f->canary);
			}
		store_free(&g);
	}
	free(numbers);
}

static const char **
names_of(const struct others *o, int *n)
{
	const char **names;
	size_t total = 1;

	for (int i = 0; i < o->n; i++)
		total += (size_t)o->list[i]->nstatements;
	names = cli_alloc(total * sizeof(*names));
	*n = 0;
	for (int i = 0; i < o->n; i++)
		for (int k = 0; k < o->list[i]->nstatements; k++)
			names[(*n)++] = o->list[i]->statements[k].prepared;
	return names;
}

int
deploy_statements(struct deploy *d)
{
	struct descriptor_statement **all;
	struct db_statements_counts counts;
	struct descriptor **coming;
	struct others stored;
	const char **keep;
	PGconn *conn = NULL;
	int n, nkeep, code;

	if (!asks_database(d, &code))
		return code;
	coming = list_coming(d);
	n = db_statements_collect(coming, d->nparts, &all);
	free(coming);
	if (n < 0)
		return CLI_CONFLICT;
	list_stored(d, &stored);
	keep = names_of(&stored, &nkeep);
	code = db_direct_open(&conn);
	if (code == CLI_OK &&
	    !db_statements_apply(conn, all, n, keep, nkeep, &counts))
		code = CLI_FAILED;
	if (code == CLI_OK)
		snprintf(d->note, sizeof(d->note),
		    "%d, %d of them new, %d of older releases, %d removed", n,
		    counts.added, counts.kept, counts.removed);
	PQfinish(conn);
	free(keep);
	free(all);
	others_free(&stored);
	return code;
}
