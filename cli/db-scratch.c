/* SPDX-License-Identifier: MIT */
/*
 * db-scratch -- see db-scratch.h.
 *
 * pg_dump --schema-only | psql, both of the server's version where Debian keeps
 * them, else from PATH.  They get the connection in PG* variables, so that no
 * password is in a command line; what they complain about comes back by a pipe,
 * and at its end both have left.
 */
#include "db-scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stamp.h"

/* What a session is called that keeps a copy or fills it. */
#define KEEPER "mayfly scratch"

/* A number for pg_dump, which takes milliseconds. */
#define DUMP_LOCK_WAIT_MS "2000"

enum {
	COPY_MAX_MS = 60000,             /* for pg_dump and psql */
	COMPLAINT_MAX_BYTES = 64 * 1024, /* that is kept of what they say */
	WORDS_MAX = 64,                  /* variables that they get */
};

/* ---- the two programs ---- */

/* Arguments, or variables. */
struct words {
	char *list[WORDS_MAX + 1];
	int n;
};

static void
words_add(struct words *w, const char *first, const char *second)
{
	size_t size = strlen(first) + strlen(second) + 1;

	if (w->n == WORDS_MAX)
		return;
	w->list[w->n] = cli_alloc(size);
	snprintf(w->list[w->n], size, "%s%s", first, second);
	w->list[++w->n] = NULL;
}

static void
words_add_variable(struct words *w, const char *name, const char *value)
{
	char before[64];

	snprintf(before, sizeof(before), "%s=", name);
	words_add(w, before, value);
}

static void
words_free(struct words *w)
{
	for (int i = 0; i < w->n; i++)
		free(w->list[i]);
	w->n = 0;
}

/* All that the connection was made with, and none of our secrets. */
static void
environment_fill(struct words *w, PGconn *conn, const char *database)
{
	static const char *const ours[] = {"PATH", "HOME", "TMPDIR", "TZDIR"};
	PQconninfoOption *options = PQconninfo(conn);

	for (size_t i = 0; i < LENGTH(ours); i++)
		if (getenv(ours[i]) != NULL)
			words_add_variable(w, ours[i], getenv(ours[i]));
	words_add_variable(w, "LC_ALL", "C");
	words_add_variable(w, "PGDATABASE", database);
	words_add_variable(w, "PGAPPNAME", KEEPER);
	for (PQconninfoOption *o = options; o != NULL && o->keyword != NULL;
	     o++)
		if (o->envvar != NULL && o->val != NULL &&
		    strcmp(o->envvar, "PGDATABASE") != 0 &&
		    strcmp(o->envvar, "PGSERVICE") != 0 &&
		    strcmp(o->envvar, "PGAPPNAME") != 0)
			words_add_variable(w, o->envvar, o->val);
	PQconninfoFree(options);
}

struct program {
	const char *word;             /* pg_dump, psql */
	const char *const *arguments; /* to NULL */
	const char *database;
	int in, out, err; /* out: -1 for err */
	pid_t pid;
};

/* All signals as a program expects them, and no descriptor but three. */
static int
spawn_tool(struct program *p, const char *path, char *const *argv,
    char *const *environment)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int err;

	if (posix_spawn_file_actions_init(&files) != 0)
		return ENOMEM;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&files);
		return ENOMEM;
	}
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setflags(
	    &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	err = posix_spawn_file_actions_adddup2(&files, p->in, STDIN_FILENO);
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(
		    &files, p->out, STDOUT_FILENO);
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(
		    &files, p->err, STDERR_FILENO);
	if (err == 0)
		err = posix_spawn_file_actions_addclosefrom_np(
		    &files, STDERR_FILENO + 1);
	if (err == 0)
		err = posix_spawnp(
		    &p->pid, path, &files, &attributes, argv, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return err;
}

/* Of the server's version, or the one that is found. */
static bool
start(struct program *p, struct db_scratch *s)
{
	int version = PQserverVersion(s->keeper) / 10000, err;
	struct words environment = {0}, argv = {0};
	char path[128];

	snprintf(path, sizeof(path), "/usr/lib/postgresql/%d/bin/%s", version,
	    p->word);
	environment_fill(&environment, s->keeper, p->database);
	words_add(&argv, p->word, "");
	for (const char *const *a = p->arguments; *a != NULL; a++)
		words_add(&argv, *a, "");
	err = spawn_tool(p, path, argv.list, environment.list);
	if (err == ENOENT)
		err = spawn_tool(p, p->word, argv.list, environment.list);
	words_free(&argv);
	words_free(&environment);
	if (err == 0)
		return true;
	p->pid = 0;
	snprintf(s->problem, sizeof(s->problem), "%s: %s", p->word,
	    err == ENOENT ? "is not installed" : strerror(err));
	return false;
}

/* Read to the end; false when the time is over. */
static bool
listen_to(int fd, struct buf *text)
{
	int64_t end = stamp_monotonic_ms() + COPY_MAX_MS, left;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char rest[4096], *room;
	ssize_t got;

	for (;;) {
		left = end - stamp_monotonic_ms();
		if (left <= 0)
			return false;
		if (poll(&p, 1, (int)left) < 1)
			continue;
		room = buf_room(text, sizeof(rest));
		got = read(fd, room != NULL ? room : rest, sizeof(rest));
		if (got > 0 && room != NULL)
			text->len += (size_t)got;
		if (got == 0 || (got < 0 && errno != EINTR))
			return true;
	}
}

/* Whether it has exited with 0. */
static bool
ended_well(struct program *p, bool in_time)
{
	int status = -1;

	if (p->pid == 0)
		return false;
	if (!in_time)
		kill(p->pid, SIGKILL);
	while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status == 0;
}

/* The first line that says what is wrong, of the program that begins it. */
static void
first_line(
    const struct program *p, const struct buf *text, char *to, size_t size)
{
	const char *at = text->data, *error, *word = p->word;
	size_t len;

	error = strstr(at, "ERROR:");
	if (error == NULL)
		error = strstr(at, "error:");
	if (error != NULL) {
		for (at = error; at > text->data && at[-1] != '\n'; at--)
			;
		word = strncmp(at, "psql", 4) == 0 ? "psql" : "pg_dump";
		at = error + strlen("error:");
	}
	while (*at == ' ')
		at++;
	len = strcspn(at, "\n");
	snprintf(to, size, "%s: %.*s", word, (int)len, len > 0 ? at : "ended");
}

/* ---- a copy ---- */

/* Who keeps pg_dump from its locks, so that it is worth trying again. */
static bool
say_locked(PGconn *conn)
{
	PGresult *res;
	bool found;

	res = db_direct_query(conn,
	    "SELECT c.relname, l.pid FROM pg_locks AS l"
	    " JOIN pg_class AS c ON c.oid = l.relation"
	    " JOIN pg_database AS d ON d.oid = l.database"
	    " WHERE d.datname = current_database() AND l.granted"
	    " AND l.mode = 'AccessExclusiveLock' AND c.relkind IN"
	    " ('r', 'v', 'm', 'S', 'f', 'p') ORDER BY 1, 2 LIMIT 1",
	    NULL, 0);
	if (res == NULL)
		return true;
	found = PQntuples(res) == 1;
	if (found)
		cli_fail(CLI_FAILED, "wait for it to end, and try again",
		    "the schema cannot be read: process %s of PostgreSQL has "
		    "table %s locked",
		    PQgetvalue(res, 0, 1), PQgetvalue(res, 0, 0));
	PQclear(res);
	return found;
}

/* What became of the two, whose ends of the pipes are closed here. */
static enum db_scratch_status
judge_copy(
    struct db_scratch *s, struct program *dump, struct program *load, int err)
{
	struct buf text = buf_new(COMPLAINT_MAX_BYTES);
	enum db_scratch_status status = DB_SCRATCH_OPEN;
	bool in_time, dumped, loaded;

	in_time = listen_to(err, &text);
	loaded = ended_well(load, in_time);
	dumped = ended_well(dump, in_time);
	buf_add(&text, "", 1);
	if (text.failed)
		text.data[text.len > 0 ? text.len - 1 : 0] = '\0';
	if (dumped && loaded) {
		status = DB_SCRATCH_OPEN;
	} else if (!in_time) {
		cli_fail(CLI_FAILED, NULL,
		    "pg_dump and psql have not copied the schema in %d s",
		    COPY_MAX_MS / 1000);
		status = DB_SCRATCH_FAILED;
	} else if (!dumped && dump->pid != 0 && say_locked(s->keeper)) {
		status = DB_SCRATCH_FAILED;
	} else {
		status = DB_SCRATCH_UNKNOWN;
		if (dump->pid != 0 && load->pid != 0)
			first_line(dumped ? load : dump, &text, s->problem,
			    sizeof(s->problem));
	}
	buf_free(&text);
	return status;
}

static void
close_all(int *fds, int n)
{
	for (int i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static enum db_scratch_status
copy_schema(struct db_scratch *s)
{
	static const char *const dumped[] = {"--schema-only", "--no-owner",
	    "--no-publications", "--no-subscriptions", "--no-security-labels",
	    "--no-tablespaces", "--no-password",
	    "--lock-wait-timeout=" DUMP_LOCK_WAIT_MS, NULL};
	static const char *const loaded[] = {"--no-psqlrc", "--quiet",
	    "--no-password", "--single-transaction", "--set=ON_ERROR_STOP=1",
	    NULL};
	int null, data[2] = {-1, -1}, err[2] = {-1, -1};
	struct program dump = {.word = "pg_dump", .arguments = dumped};
	struct program load = {.word = "psql", .arguments = loaded};
	enum db_scratch_status status;

	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || pipe2(data, O_CLOEXEC) < 0 ||
	    pipe2(err, O_CLOEXEC) < 0) {
		cli_fail(CLI_FAILED, NULL, "a pipe: %s", strerror(errno));
		close_all((int[]){null, data[0], data[1], err[0], err[1]}, 5);
		return DB_SCRATCH_FAILED;
	}
	dump.database = s->live;
	dump.in = null;
	dump.out = data[1];
	dump.err = err[1];
	load.database = s->name;
	load.in = data[0];
	load.out = null;
	load.err = err[1];
	if (start(&dump, s) && !start(&load, s))
		kill(dump.pid, SIGKILL);
	close_all((int[]){null, data[0], data[1], err[1]}, 4);
	status = judge_copy(s, &dump, &load, err[0]);
	close(err[0]);
	return status;
}

/* Rows that migrations and roles go by. */
static bool
copy_rows(struct db_scratch *s, const char *table, const char *read,
    const char *write)
{
	const char *args[4], *name[] = {table};
	PGresult *res;
	bool good = true;

	res = db_direct_query(
	    s->keeper, "SELECT to_regclass($1::text) IS NOT NULL", name, 1);
	if (res == NULL)
		return false;
	good = PQgetvalue(res, 0, 0)[0] == 't';
	PQclear(res);
	if (!good)
		return true;
	res = db_direct_query(s->keeper, read, NULL, 0);
	if (res == NULL)
		return false;
	for (int i = 0; i < PQntuples(res) && good; i++) {
		PGresult *written;

		for (int k = 0; k < PQnfields(res); k++)
			args[k] = PQgetvalue(res, i, k);
		written = db_direct_query(s->conn, write, args, PQnfields(res));
		good = written != NULL;
		PQclear(written);
	}
	PQclear(res);
	return good;
}

/* What ALTER DATABASE SET has set, but for where tables are looked for. */
static bool
copy_settings(struct db_scratch *s)
{
	const char *args[] = {s->name};
	PGresult *res, *one;
	bool good = true;

	res = db_direct_query(s->keeper,
	    "SELECT format('ALTER DATABASE %I SET %I FROM CURRENT', $1::text,"
	    " split_part(setting, '=', 1)) FROM pg_db_role_setting"
	    " JOIN pg_database AS d ON d.oid = setdatabase,"
	    " unnest(setconfig) AS setting"
	    " WHERE setrole = 0 AND datname = current_database()"
	    " AND setting !~ '^(search_path|.*_timeout)='",
	    args, LENGTH(args));
	if (res == NULL)
		return false;
	for (int i = 0; i < PQntuples(res) && good; i++) {
		one =
		    db_direct_query(s->keeper, PQgetvalue(res, i, 0), NULL, 0);
		good = one != NULL;
		PQclear(one);
	}
	PQclear(res);
	return good;
}

/* ---- its database ---- */

static void
drop(PGconn *conn, const char *name)
{
	const char *args[] = {
	    name, PQserverVersion(conn) >= 130000 ? " WITH (FORCE)" : ""};
	PGresult *res, *one;

	res = db_direct_query(conn,
	    "SELECT format('DROP DATABASE IF EXISTS %I', $1::text) || $2::text",
	    args, LENGTH(args));
	if (res == NULL)
		return;
	one = db_direct_query(conn, PQgetvalue(res, 0, 0), NULL, 0);
	PQclear(one);
	PQclear(res);
}

/* Copies of our own whose keeper has gone, and that nobody is in. */
static void
drop_left_over(PGconn *conn)
{
	const char *args[] = {KEEPER};
	PGresult *res;

	res = db_direct_query(conn,
	    "SELECT datname FROM pg_database AS d"
	    " WHERE datname ~ '^mayfly_scratch_[0-9]+$'"
	    " AND datdba = (SELECT oid FROM pg_roles"
	    "     WHERE rolname = current_user)"
	    " AND NOT EXISTS (SELECT FROM pg_stat_activity AS a"
	    "     WHERE a.datname = d.datname"
	    "     OR (a.pid::text = substr(d.datname, 16)"
	    "         AND application_name = $1::text))",
	    args, LENGTH(args));
	for (int i = 0; res != NULL && i < PQntuples(res); i++)
		drop(conn, PQgetvalue(res, i, 0));
	PQclear(res);
}

/* Of the encoding and the locale of the other, and for nobody else.  What a
 * server's version does not have yet is NULL. */
static const char create_text[] =
    "SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L"
    " LC_COLLATE %L LC_CTYPE %L%s', $1::text,"
    " pg_encoding_to_char(encoding), datcollate, datctype,"
    " CASE WHEN to_jsonb(d) ->> 'datlocprovider' = 'i'"
    " THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L',"
    " coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'))"
    " ELSE '' END),"
    " format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $1::text),"
    " (SELECT (rolcreatedb OR rolsuper)::integer FROM pg_roles"
    "     WHERE rolname = current_user), current_user"
    " FROM pg_database AS d WHERE datname = current_database()";

static enum db_scratch_status
make(struct db_scratch *s)
{
	const char *args[] = {s->name};
	enum db_scratch_status status = DB_SCRATCH_FAILED;
	PGresult *res;

	res = db_direct_query(s->keeper, create_text, args, LENGTH(args));
	if (res == NULL)
		return status;
	if (strcmp(PQgetvalue(res, 0, 2), "1") != 0) {
		snprintf(s->problem, sizeof(s->problem),
		    "%s may not create databases", PQgetvalue(res, 0, 3));
		status = DB_SCRATCH_UNKNOWN;
	} else if (db_direct_run(s->keeper, PQgetvalue(res, 0, 0))) {
		s->made = true;
		if (db_direct_run(s->keeper, PQgetvalue(res, 0, 1)))
			status = DB_SCRATCH_OPEN;
	}
	PQclear(res);
	return status;
}

static enum db_scratch_status
fill_copy(struct db_scratch *s)
{
	enum db_scratch_status status;

	if (!copy_settings(s))
		return DB_SCRATCH_FAILED;
	status = copy_schema(s);
	if (status != DB_SCRATCH_OPEN)
		return status;
	if (db_direct_open_as(&s->conn, s->name, KEEPER) != CLI_OK ||
	    !copy_rows(s, "public.function_role",
	        "SELECT role, name FROM function_role",
	        "INSERT INTO function_role (role, name)"
	        " VALUES ($1::text, $2::name)") ||
	    !copy_rows(s, "public.schema_migration",
	        "SELECT number, name, checksum, duration_ms"
	        " FROM schema_migration",
	        "INSERT INTO schema_migration"
	        " (number, name, checksum, duration_ms)"
	        " VALUES ($1::integer, $2::text, $3::text, $4::bigint)"))
		return DB_SCRATCH_FAILED;
	return DB_SCRATCH_OPEN;
}

enum db_scratch_status
db_scratch_open(struct db_scratch *s)
{
	enum db_scratch_status status;

	*s = (struct db_scratch){0};
	if (db_direct_open_as(&s->keeper, NULL, KEEPER) != CLI_OK)
		return DB_SCRATCH_FAILED;
	snprintf(s->live, sizeof(s->live), "%s", PQdb(s->keeper));
	snprintf(s->name, sizeof(s->name), "mayfly_scratch_%d",
	    PQbackendPID(s->keeper));
	drop_left_over(s->keeper);
	status = make(s);
	if (status == DB_SCRATCH_OPEN)
		status = fill_copy(s);
	return status;
}

void
db_scratch_close(struct db_scratch *s)
{
	PQfinish(s->conn);
	if (s->made)
		drop(s->keeper, s->name);
	PQfinish(s->keeper);
	*s = (struct db_scratch){0};
}
