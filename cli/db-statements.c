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
 * Here a statement that no function has any more stays for a day: instances of
 * the old version finish their requests, and what goes back by hand finds its
 * statements.  Who has a store knows what is still needed, and says so.
 */
#include "db-statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "db-prepare.h"

enum {
	COLUMN_MAX_BYTES = 64 * 1024 * 1024, /* of all statements' texts */
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

int
db_statements_collect(
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

/* name, sql and role of all as three text[], for one statement to take. */
struct columns {
	struct buf name, sql, role;
	const char *args[3];
};

static bool
columns_fill(struct columns *c, struct descriptor_statement *const *all, int n)
{
	const char **texts = cli_alloc((size_t)n * sizeof(*texts));

	c->name = buf_new(COLUMN_MAX_BYTES);
	c->sql = buf_new(COLUMN_MAX_BYTES);
	c->role = buf_new(COLUMN_MAX_BYTES);
	for (int i = 0; i < n; i++)
		texts[i] = all[i]->prepared;
	db_direct_array(&c->name, texts, n);
	for (int i = 0; i < n; i++)
		texts[i] = all[i]->sql;
	db_direct_array(&c->sql, texts, n);
	for (int i = 0; i < n; i++)
		texts[i] = descriptor_roles[all[i]->role];
	db_direct_array(&c->role, texts, n);
	free(texts);
	c->args[0] = c->name.data;
	c->args[1] = c->sql.data;
	c->args[2] = c->role.data;
	if (!c->name.failed && !c->sql.failed && !c->role.failed)
		return true;
	cli_fail(CLI_FAILED, NULL, "the statements are larger than %d MiB",
	    COLUMN_MAX_BYTES / 1024 / 1024);
	return false;
}

static void
columns_free(struct columns *c)
{
	buf_free(&c->name);
	buf_free(&c->sql);
	buf_free(&c->role);
}

/* Write what is not there as it is wanted, so that a deploy that changes none
 * writes none; return how many, or -1. */
static int
store(PGconn *conn, const struct columns *c)
{
	PGresult *res;
	int added;

	res = db_direct_query(conn,
	    "WITH added AS ("
	    "    INSERT INTO prepared_statement (name, sql, role)"
	    "    SELECT w.name, w.sql, w.role"
	    "    FROM unnest($1::text[], $2::text[], $3::text[])"
	    "        AS w (name, sql, role)"
	    "    WHERE NOT EXISTS (SELECT FROM prepared_statement AS p"
	    "        WHERE p.name = w.name AND p.role = w.role"
	    "        AND p.sql = w.sql)"
	    "    ON CONFLICT (name, role) DO UPDATE"
	    "    SET sql = excluded.sql, seen_at = excluded.seen_at"
	    "    RETURNING name"
	    ") SELECT count(*) FROM added",
	    c->args, LENGTH(c->args));
	if (res == NULL)
		return -1;
	added = (int)db_direct_int(res);
	PQclear(res);
	return added;
}

/* Say that they were had now, and drop what nobody has had for a day. */
static PGresult *
sweep_old(PGconn *conn, const struct columns *c)
{
	PGresult *res;

	res = db_direct_query(conn,
	    "UPDATE prepared_statement AS p SET seen_at = clock_timestamp()"
	    " FROM unnest($1::text[], $2::text[], $3::text[])"
	    "     AS w (name, sql, role)"
	    " WHERE p.name = w.name AND p.role = w.role AND p.sql = w.sql",
	    c->args, LENGTH(c->args));
	if (res == NULL)
		return NULL;
	PQclear(res);
	return db_direct_query(conn,
	    "DELETE FROM prepared_statement "
	    "WHERE seen_at < clock_timestamp() - interval '1 day'",
	    NULL, 0);
}

/* Drop what is neither among them nor to be kept. */
static PGresult *
sweep(PGconn *conn, const struct columns *c, const char *const *keep, int nkeep)
{
	struct buf array = buf_new(COLUMN_MAX_BYTES);
	const char *args[2] = {c->args[0], NULL};
	PGresult *res = NULL;

	db_direct_array(&array, keep, nkeep);
	args[1] = array.data;
	if (array.failed)
		cli_fail(CLI_FAILED, NULL,
		    "the statements to keep have too many names");
	else
		res = db_direct_query(conn,
		    "DELETE FROM prepared_statement"
		    " WHERE name NOT IN (SELECT unnest($1::text[])"
		    "     UNION ALL SELECT unnest($2::text[]))",
		    args, LENGTH(args));
	buf_free(&array);
	return res;
}

/* Count what a sweep has dropped and what is left. */
static bool
count_kept(PGconn *conn, PGresult *swept, struct db_statements_counts *counts)
{
	PGresult *res;

	if (swept == NULL)
		return false;
	counts->removed = (int)strtol(PQcmdTuples(swept), NULL, 10);
	PQclear(swept);

	res = db_direct_query(
	    conn, "SELECT count(*) FROM prepared_statement", NULL, 0);
	if (res == NULL)
		return false;
	counts->kept = (int)db_direct_int(res) - counts->statements;
	PQclear(res);
	return true;
}

static bool
check_one(PGconn *conn, const struct descriptor_statement *statement, int *bad)
{
	struct db_prepare_problem problem;
	enum db_prepare_status status;

	status = db_prepare_check(conn, statement, &problem);
	if (status == DB_PREPARE_BAD) {
		cli_fail(CLI_FAILED,
		    problem.hint[0] != '\0' ? problem.hint : NULL, "%s",
		    problem.text);
		++*bad;
	}
	return status != DB_PREPARE_FAILED;
}

bool
db_statements_check(
    PGconn *conn, struct descriptor_statement *const *all, int n)
{
	int bad = 0;

	for (int role = 0; role < FN_ROLES; role++) {
		if (!db_prepare_enter(conn, (enum fn_role)role))
			return false;
		for (int i = 0; i < n; i++)
			if ((int)all[i]->role == role &&
			    !check_one(conn, all[i], &bad))
				return false;
		if (!db_prepare_leave(conn))
			return false;
	}
	return bad == 0 && db_direct_settle(conn);
}

/* A second run at the same time waits for the lock. */
static bool
synchronise(PGconn *conn, const struct columns *c, const char *const *keep,
    int nkeep, struct db_statements_counts *counts)
{
	if (!db_direct_run(conn, "SET lock_timeout = '10s'") ||
	    !db_direct_run(conn, "BEGIN") ||
	    !db_direct_run(conn,
	        "LOCK TABLE prepared_statement IN SHARE ROW EXCLUSIVE MODE"))
		return false;
	counts->added = store(conn, c);
	return counts->added >= 0 &&
	       count_kept(conn,
	           keep == NULL ? sweep_old(conn, c)
	                        : sweep(conn, c, keep, nkeep),
	           counts) &&
	       db_direct_run(conn, "COMMIT");
}

bool
db_statements_apply(PGconn *conn, struct descriptor_statement *const *all,
    int n, const char *const *keep, int nkeep,
    struct db_statements_counts *counts)
{
	PGTransactionStatusType left;
	struct columns columns;
	bool good;

	*counts = (struct db_statements_counts){.statements = n};
	good = columns_fill(&columns, all, n) &&
	       synchronise(conn, &columns, keep, nkeep, counts);
	columns_free(&columns);
	left = PQtransactionStatus(conn);
	if (left == PQTRANS_INTRANS || left == PQTRANS_INERROR)
		good = db_direct_run(conn, "ROLLBACK") && good;
	return good && db_direct_settle(conn);
}

void
db_statements_print(const struct db_statements_counts *counts, int functions)
{
	printf("%s: %d statements of %d functions, %d added, "
	       "%d of older versions, %d removed\n",
	    counts->added > 0 ? "changed" : "unchanged", counts->statements,
	    functions, counts->added, counts->kept, counts->removed);
}

static int
apply_all(struct descriptor *const *list, int n)
{
	struct descriptor_statement **all;
	struct db_statements_counts counts;
	PGconn *conn;
	int code, found;

	found = db_statements_collect(list, n, &all);
	if (found < 0)
		return CLI_CONFLICT;
	code = db_direct_open(&conn);
	if (code == CLI_OK &&
	    (!db_statements_check(conn, all, found) ||
	        !db_statements_apply(conn, all, found, NULL, 0, &counts)))
		code = CLI_FAILED;
	PQfinish(conn);
	free(all);
	if (code == CLI_OK)
		db_statements_print(&counts, n);
	return code;
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
