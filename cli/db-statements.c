/* SPDX-License-Identifier: MIT */
/*
 * db-statements -- "mayfly db statements": make the table prepared_statement
 * hold the statements of the deployed functions.
 *
 * In: the functions' descriptors.  Out: one line that begins with "changed"
 * when there is something that open connections have not prepared, and
 * PgBouncer is to RECONNECT; else with "unchanged".
 *
 * Each is first prepared, and planned with the rights of its function's role:
 * one that cannot be is refused with file and line, and nothing is changed.
 * So is all of it when an executable is no function.
 *
 * A statement that no function has any more stays for a day: instances of the
 * old version finish their requests, and a rollback finds its statements.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "db-direct.h"
#include "db-prepare.h"
#include "descriptor.h"

struct counts {
	int statements, added, kept, removed;
};

/* How many executables are no functions. */
static int bad_programs;

static void
complain_bad(const char *program, const char *problem)
{
	fprintf(stderr, "mayfly: %s: %s\n", program, problem);
	bad_programs++;
}

/* By name, and those of one name by role. */
static int
compare_prepared(const void *a, const void *b)
{
	const struct descriptor_statement *const *x = a, *const *y = b;
	int order = strcmp((*x)->prepared, (*y)->prepared);

	return order != 0 ? order : (int)(*x)->role - (int)(*y)->role;
}

/*
 * The statements of all functions by name and role, each once, in *all, an
 * array for the caller to free.  Returns how many, or -1 after cli_fail() when
 * one name stands for two texts, which would run the wrong one.
 */
static int
collect(
    struct descriptor *const *list, int n, struct descriptor_statement ***all)
{
	struct descriptor_statement **found;
	size_t total = 0, kept = 0;

	for (int i = 0; i < n; i++)
		total += (size_t)list[i]->nstatements;
	found = cli_alloc((total + 1) * sizeof(*found));
	total = 0;
	for (int i = 0; i < n; i++)
		for (int k = 0; k < list[i]->nstatements; k++)
			found[total++] = &list[i]->statements[k];
	qsort(found, total, sizeof(*found), compare_prepared);

	for (size_t i = 0; i < total; i++) {
		struct descriptor_statement *last =
		    kept > 0 ? found[kept - 1] : NULL;

		if (last != NULL &&
		    strcmp(last->prepared, found[i]->prepared) == 0 &&
		    strcmp(last->sql, found[i]->sql) != 0) {
			cli_fail(CLI_CONFLICT, "rename one of the two",
			    "two statements are called %s", found[i]->prepared);
			free(found);
			return -1;
		}
		if (last == NULL || compare_prepared(&last, &found[i]) != 0)
			found[kept++] = found[i];
	}
	*all = found;
	return (int)kept;
}

/* One row; counts->added grows when the database did not have it so. */
static bool
store(PGconn *conn, const struct descriptor_statement *statement,
    struct counts *counts)
{
	const char *args[] = {statement->prepared, statement->sql,
	    descriptor_roles[statement->role]};
	PGresult *res;

	res = db_direct_query(conn,
	    "WITH same AS ("
	    "    UPDATE prepared_statement SET seen_at = clock_timestamp()"
	    "    WHERE name = $1::text AND sql = $2::text"
	    "    AND role = $3::text RETURNING name"
	    ") "
	    "INSERT INTO prepared_statement (name, sql, role) "
	    "SELECT $1::text, $2::text, $3::text "
	    "WHERE NOT EXISTS (SELECT FROM same) "
	    "ON CONFLICT (name, role) DO UPDATE "
	    "SET sql = excluded.sql, seen_at = excluded.seen_at "
	    "RETURNING name",
	    args, LENGTH(args));
	if (res == NULL)
		return false;
	counts->added += PQntuples(res);
	PQclear(res);
	return true;
}

/* Drop what has been unused for a day, and count what is left. */
static bool
sweep(PGconn *conn, struct counts *counts)
{
	PGresult *res;

	res = db_direct_query(conn,
	    "DELETE FROM prepared_statement "
	    "WHERE seen_at < clock_timestamp() - interval '1 day'",
	    NULL, 0);
	if (res == NULL)
		return false;
	counts->removed = (int)strtol(PQcmdTuples(res), NULL, 10);
	PQclear(res);

	res = db_direct_query(
	    conn, "SELECT count(*) FROM prepared_statement", NULL, 0);
	if (res == NULL)
		return false;
	counts->kept = (int)db_direct_int(res) - counts->statements;
	PQclear(res);
	return true;
}

/* Whether it can be prepared, and its role may run it: that is checked when it
 * is planned to be run, as by EXPLAIN, and not by PREPARE. */
static bool
check_one(PGconn *conn, const struct descriptor_statement *statement)
{
	PGresult *plan = NULL;

	if (db_prepare(conn, statement))
		plan = db_prepare_explain(conn, statement, "COSTS", NULL, 0);
	PQclear(plan);
	return plan != NULL;
}

static bool
check_all(PGconn *conn, struct descriptor_statement *const *all, int n)
{
	int bad = 0;

	for (int role = 0; role < FN_ROLES; role++) {
		if (!db_prepare_enter(conn, (enum fn_role)role))
			return false;
		for (int i = 0; i < n; i++)
			if ((int)all[i]->role == role)
				bad += check_one(conn, all[i]) ? 0 : 1;
		if (!db_prepare_leave(conn))
			return false;
	}
	return bad == 0 && db_direct_settle(conn);
}

/* All in one transaction; a second run at the same time waits for the lock. */
static bool
synchronise(PGconn *conn, struct descriptor_statement *const *all,
    struct counts *counts)
{
	if (!db_direct_run(conn, "SET lock_timeout = '10s'") ||
	    !db_direct_run(conn, "BEGIN") ||
	    !db_direct_run(conn,
	        "LOCK TABLE prepared_statement IN SHARE ROW EXCLUSIVE MODE"))
		return false;
	for (int i = 0; i < counts->statements; i++)
		if (!store(conn, all[i], counts))
			return false;
	return sweep(conn, counts) && db_direct_run(conn, "COMMIT");
}

static int
apply_all(struct descriptor *const *list, int n)
{
	struct descriptor_statement **all;
	struct counts counts = {0};
	PGconn *conn;
	int code;

	counts.statements = collect(list, n, &all);
	if (counts.statements < 0)
		return CLI_CONFLICT;
	code = db_direct_open(&conn);
	if (code == CLI_OK && (!check_all(conn, all, counts.statements) ||
	                          !synchronise(conn, all, &counts)))
		code = CLI_FAILED;
	PQfinish(conn);
	free(all);
	if (code != CLI_OK)
		return code;
	printf("%s: %d statements of %d functions, %d added, "
	       "%d of older versions, %d removed\n",
	    counts.added > 0 ? "changed" : "unchanged", counts.statements, n,
	    counts.added, counts.kept, counts.removed);
	return CLI_OK;
}

static int
db_statements_run(int argc, char *argv[])
{
	const char *folders;
	struct descriptor **list;
	int n, code;

	if (argc > 2 || (argc == 2 && argv[1][0] == '-'))
		return cli_fail(CLI_USAGE, "see: mayfly help db statements",
		    "db statements takes no \"%s\"", argv[argc - 1]);
	folders = cli_functions(argc == 2 ? argv[1] : NULL);
	if (folders == NULL)
		return cli_fail(CLI_USAGE, "name them, with ':' between",
		    "no folders given, and MAYFLY_FUNCTIONS is not set");
	n = descriptor_list(folders, &list, complain_bad);
	if (n < 0)
		return cli_fail(CLI_NOT_FOUND, NULL, "cannot read %s", folders);
	if (bad_programs > 0)
		code = cli_fail(CLI_FAILED,
		    "mend or remove them; functions are in folders of their"
		    " own",
		    "not every executable is a function");
	else if (n == 0)
		code = cli_fail(CLI_NOT_FOUND, "build the functions first",
		    "there is no function in %s", folders);
	else
		code = apply_all(list, n);
	descriptor_list_free(list, n);
	return code;
}

const struct command command_db_statements = {
    .name = "db statements",
    .usage = "[FOLDERS]",
    .about = "Give the database the statements of the functions.",
    .help = "  FOLDERS  where the functions are, with ':' between; default\n"
            "           MAYFLY_FUNCTIONS\n"
            "Connects to MAYFLY_MIGRATE_URL.  Prints \"changed ...\" when "
            "PgBouncer\n"
            "is to RECONNECT, else \"unchanged ...\".\n",
    .run = db_statements_run,
};
