/* SPDX-License-Identifier: MIT */
/* db-check -- see db-check.h. */
#include "db-check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db-migrate.h"
#include "db-prepare.h"
#include "db-statements.h"

/* For a table that somebody has locked. */
#define LOCK_WAIT "2s"

/* A statement, once for all functions that have it. */
struct item {
	const struct descriptor_statement *statement;
	const char *function; /* the first of them */
	bool coming, serving;
};

struct items {
	struct item *list; /* sorted by role, name and text */
	int n;
};

static int
compare_statements(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = (int)x->statement->role - (int)y->statement->role;

	if (order == 0)
		order = strcmp(x->statement->prepared, y->statement->prepared);
	return order != 0 ? order
	                  : strcmp(x->statement->sql, y->statement->sql);
}

static void
add_all(struct items *items, struct descriptor *const *list, int n, bool coming)
{
	size_t total = 0;

	for (int i = 0; i < n; i++)
		total += (size_t)list[i]->nstatements;
	items->list = cli_realloc(
	    items->list, ((size_t)items->n + total) * sizeof(*items->list));
	for (int i = 0; i < n; i++)
		for (int k = 0; k < list[i]->nstatements; k++)
			items->list[items->n++] =
			    (struct item){.statement = &list[i]->statements[k],
			        .function = list[i]->name,
			        .coming = coming,
			        .serving = !coming};
}

/* Each once, and of those only what is to be looked at. */
static void
gather_items(struct items *items, const struct db_check *check)
{
	int kept = 0;

	add_all(items, check->coming, check->ncoming, true);
	add_all(items, check->serving, check->nserving, false);
	qsort(items->list, (size_t)items->n, sizeof(*items->list),
	    compare_statements);
	for (int i = 0; i < items->n; i++) {
		struct item *last = &items->list[kept > 0 ? kept - 1 : 0];

		if (kept > 0 &&
		    compare_statements(last, &items->list[i]) == 0) {
			last->coming |= items->list[i].coming;
			last->serving |= items->list[i].serving;
		} else {
			items->list[kept++] = items->list[i];
		}
	}
	items->n = kept;
	if (check->due > 0)
		return;
	kept = 0;
	for (int i = 0; i < items->n; i++)
		if (items->list[i].coming &&
		    (check->all || !items->list[i].serving))
			items->list[kept++] = items->list[i];
	items->n = kept;
}

/* Whether it fails in the database as it is, too; not when that is only a lock
 * that somebody has.  lock_not_available is 55P03. */
static bool
fails_today(PGconn *live, const struct descriptor_statement *statement)
{
	struct db_prepare_problem problem;
	enum db_prepare_status status;

	if (!db_prepare_enter(live, statement->role))
		return false;
	status = db_prepare_check(live, statement, &problem);
	return db_prepare_leave(live) && status == DB_PREPARE_BAD &&
	       strcmp(problem.state, "55P03") != 0;
}

/* Say it.  Returns 1 when it is a reason to refuse. */
static int
complain_item(struct db_check *check, PGconn *live, const struct item *item,
    const struct db_prepare_problem *problem)
{
	const char *hint = problem->hint[0] != '\0' ? problem->hint : NULL;
	const char *name = item->statement->name;
	size_t file = strcspn(name, ".");

	if (item->coming && strncmp(item->function, name, file) == 0 &&
	    item->function[file] == '\0') {
		cli_fail(CLI_FAILED, hint, "%s", problem->text);
		return 1;
	}
	if (item->coming) {
		cli_fail(
		    CLI_FAILED, hint, "%s: %s", item->function, problem->text);
		return 1;
	}
	if (fails_today(live, item->statement))
		return 0;
	if (!check->break_allowed) {
		cli_fail(CLI_FAILED, hint,
		    "%s serves now, and the migrations break its statement "
		    "%s: %s",
		    item->function, name, problem->text);
		return 1;
	}
	fprintf(stderr,
	    "mayfly: warning: %s serves now, and the migrations break its "
	    "statement %s: %s\n",
	    item->function, name, problem->text);
	check->warned++;
	return 0;
}

/* How many are a reason to refuse; -1 after cli_fail() when the database does
 * not answer. */
static int
try_all(struct db_check *check, PGconn *conn, PGconn *live,
    const struct items *items)
{
	struct db_prepare_problem problem;
	enum db_prepare_status status;
	int bad = 0, breaks = 0, wrong, role = -1;

	for (int i = 0; i < items->n; i++) {
		const struct item *item = &items->list[i];

		if ((int)item->statement->role != role &&
		    ((role >= 0 && !db_prepare_leave(conn)) ||
		        !db_prepare_enter(conn, item->statement->role)))
			return -1;
		role = (int)item->statement->role;
		check->statements++;
		status = db_prepare_check(conn, item->statement, &problem);
		if (status == DB_PREPARE_FAILED)
			return -1;
		if (status == DB_PREPARE_GOOD)
			continue;
		wrong = complain_item(check, live, item, &problem);
		bad += wrong;
		breaks += item->coming ? 0 : wrong;
	}
	if (role >= 0 && !db_prepare_leave(conn))
		return -1;
	if (breaks > 0)
		fputs("  take two steps: first functions that do with both, "
		      "then the migration; or say --break\n",
		    stderr);
	return bad;
}

/* In a copy, after the migrations. */
static int
try_copy(struct db_check *check, struct db_migrations *m, PGconn *live,
    const struct items *items)
{
	struct db_scratch scratch;
	enum db_scratch_status status;
	enum db_migrate_rehearsal how = DB_MIGRATE_REFUSED;
	int bad = -1;

	status = db_scratch_open(&scratch);
	if (status == DB_SCRATCH_UNKNOWN) {
		snprintf(check->why, sizeof(check->why), "%s", scratch.problem);
		check->unknown = true;
	}
	if (status == DB_SCRATCH_OPEN)
		how = db_migrate_rehearse(scratch.conn, m, scratch.live,
		    check->why, sizeof(check->why));
	if (how == DB_MIGRATE_UNKNOWN)
		check->unknown = true;
	if (how == DB_MIGRATE_FITS && db_direct_settle(scratch.conn))
		bad = try_all(check, scratch.conn, live, items);
	db_scratch_close(&scratch);
	return check->unknown || bad == 0 ? CLI_OK : CLI_FAILED;
}

static int
check_on(struct db_check *check, PGconn *live, struct db_migrations *m)
{
	struct descriptor_statement **once = NULL;
	struct items items = {0};
	int code = CLI_OK;

	if (check->migrations != NULL)
		code = db_migrate_history(live, m);
	if (code != CLI_OK)
		return code;
	check->due = db_migrate_due(m);
	if (db_statements_collect(check->coming, check->ncoming, &once) < 0)
		return CLI_CONFLICT;
	free(once);
	gather_items(&items, check);
	if (!db_direct_run(live, "SET lock_timeout = '" LOCK_WAIT "'"))
		code = CLI_FAILED;
	else if (check->due > 0)
		code = try_copy(check, m, live, &items);
	else
		code = try_all(check, live, live, &items) == 0 ? CLI_OK
		                                               : CLI_FAILED;
	free(items.list);
	return code;
}

int
db_check(struct db_check *check)
{
	struct db_migrations m = {0};
	PGconn *live = NULL;
	int code = CLI_OK;

	check->due = check->statements = check->warned = 0;
	check->unknown = false;
	check->why[0] = '\0';
	if (check->migrations != NULL)
		code = db_migrate_load(&m, check->migrations);
	if (code == CLI_OK)
		code = db_direct_open(&live);
	if (code == CLI_OK)
		code = check_on(check, live, &m);
	PQfinish(live);
	db_migrate_free(&m);
	return code;
}
