/* SPDX-License-Identifier: MIT */
/* test-db_fill -- cli/db-fill: a table, and every beginning of a text at a
 * guard page. */
#include "db-fill.h"

#include "guard.h"
#include "tap.h"

static const struct db_fill_name names[] = {
    {"reader", "\"a b_reader\"", "'a b_reader'"},
    {"DBNAME", "db", "'db'"},
};

static const struct {
	const char *sql, *want; /* NULL: as it is */
} rows[] = {
    {"GRANT SELECT ON t TO :\"reader\";",
        "GRANT SELECT ON t TO \"a b_reader\";"},
    {":'reader'::name", "'a b_reader'::name"},
    {":\"DBNAME\":'DBNAME'", "db'db'"},
    {"x:\"reader\"", "x\"a b_reader\""},
    {"$1:'reader'", "$1'a b_reader'"},
    {"a$b$ :'reader' $b$", "a$b$ 'a b_reader' $b$"},
    {"$1$ :'reader'", "$1$ 'a b_reader'"},
    {"$ü$ :'reader' $ü$", NULL},
    {"e :'reader'", "e 'a b_reader'"},
    {"re'\\' :'reader'", "re'\\' 'a b_reader'"},
    {"'\\' :'reader' --'", "'\\' 'a b_reader' --'"},
    {"a - -b :'reader'", "a - -b 'a b_reader'"},
    {"/**/:'reader'", "/**/'a b_reader'"},
    {"-- :'reader'\n:'reader'", "-- :'reader'\n'a b_reader'"},
    {"$$:'reader'$$:'reader'", "$$:'reader'$$'a b_reader'"},
    {"''':' :'reader'", "''':' 'a b_reader'"},
    /* No placeholders. */
    {"", NULL},
    {":reader", NULL},
    {":'writer'", NULL},
    {":'readers'", NULL},
    {":'reader\"", NULL},
    {":'READER'", NULL},
    {": 'reader'", NULL},
    {"x::\"reader\"", NULL},
    {"'{\"role\":\"reader\"}'", NULL},
    {"E'\\' :\"reader\"'", NULL},
    {"e'\\\\\\' :\"reader\"'", NULL},
    {"\":'reader'\"", NULL},
    {"\"\"\":'reader'\"", NULL},
    {"$$ :'reader' $$", NULL},
    {"$a$ $$ :'reader' $b$ $a$", NULL},
    {"/* /* */ :'reader' */", NULL},
    {"/*/ :'reader' */", NULL},
    /* What does not end. */
    {"' :\"reader\"", NULL},
    {"\" :'reader'", NULL},
    {"E'\\", NULL},
    {"$a$ :'reader' $a", NULL},
    {"/* :'reader' *", NULL},
};

/* What ends a transaction, and what does not. */
static const struct {
	const char *sql;
	bool ends;
} endings[] = {
    {"ROLLBACK", true},
    {"rollback;", true},
    {"SELECT 1; -- x\n /* y */ Rollback\tWork ;", true},
    {"SELECT 1;;ROLLBACK TRANSACTION AND CHAIN", true},
    {"ABORT;", true},
    {"", false},
    {"ROLLBACK TO here", false},
    {"ROLLBACK /* */ TO SAVEPOINT here", false},
    {"ROLLBACK WORK TO here; ROLLBACK TRANSACTION TO here", false},
    {"ROLLBACK WORK TO here; ROLLBACK", true},
    {"SELECT rollback", false},
    {"rollbacks", false},
    {"rollback$", false},
    {"'; ROLLBACK'", false},
    {"\";\" ROLLBACK", false},
    {"DO $$ BEGIN; ROLLBACK; END $$", false},
    {"DO $$ BEGIN; END $$; ROLLBACK", true},
    {"-- ; ROLLBACK", false},
    {"/* ; ROLLBACK; */", false},
    {"/* ;", false},
};

static struct guard guard;

static void
is_filled(const char *sql, size_t len, const char *want)
{
	struct buf out = buf_new(1024);
	const char *at = guard_tail(&guard, sql, len + 1);

	guard.data[guard.size - 1] = '\0';
	buf_text(&out, "");
	db_fill(&out, at, names, LENGTH(names));
	if (want != NULL)
		tap_is_text(out.data, want, "%s", sql);
	buf_free(&out);
}

int
main(void)
{
	int wrong = 0;

	guard = guard_new(256);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		for (size_t len = 0; len < strlen(rows[i].sql); len++)
			is_filled(rows[i].sql, len, NULL);
		is_filled(rows[i].sql, strlen(rows[i].sql),
		    rows[i].want != NULL ? rows[i].want : rows[i].sql);
	}
	for (size_t i = 0; i < LENGTH(endings); i++) {
		const char *sql = endings[i].sql;
		bool found = false;

		for (size_t len = 0; len <= strlen(sql); len++) {
			const char *at = guard_tail(&guard, sql, len + 1);

			guard.data[guard.size - 1] = '\0';
			found = db_fill_ends(at);
		}
		if (found != endings[i].ends) {
			tap_note("%s", sql);
			wrong++;
		}
	}
	tap_is_int(wrong, 0, "what ends a transaction");
	return tap_done();
}
