/* SPDX-License-Identifier: MIT */
/*
 * db-migrate -- "mayfly db migrate": bring the database up to the newest file
 * NNN-topic.sql of a folder.
 *
 * In: the files, numbered from 001 without a gap.  Out: one line for each file
 * applied, or "up to date".  Each file is one transaction together with its
 * row in schema_migration, so after kill -9 at any moment the same command
 * goes on where it stopped.  A session lock keeps two runs apart.
 *
 * A file is never edited once applied: its BLAKE2b hash is kept, and a file
 * that has changed, or is gone, is refused before anything is done.
 *
 * The files may name the functions' roles by placeholders (db-roles.h).
 */
#include "db-migrate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "db-fill.h"
#include "db-roles.h"
#include "stamp.h"

enum {
	FILE_MAX_BYTES = 4 * 1024 * 1024,
	FILLED_MAX_BYTES = 5 * 1024 * 1024, /* with names for placeholders */
};

/* The advisory lock: "mayfly" in ASCII. */
#define LOCK_KEY "120265416010873"

/* For another run to finish, and for a lock that a statement of a file needs:
 * while that waits, all other users of the table wait behind it. */
#define LOCK_WAIT "60s"
#define STATEMENT_LOCK_WAIT "5s"

void
db_migrate_free(struct db_migrations *m)
{
	for (int i = 0; i < m->n; i++)
		buf_free(&m->list[i].sql);
	free(m->list);
	*m = (struct db_migrations){0};
}

/* The number of NNN-topic.sql with a topic of [a-z0-9-]; 0 for other names. */
static int
name_number(const char *name)
{
	size_t len = strlen(name);
	size_t topic = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (len < strlen("001-x.sql") || len >= DB_MIGRATE_NAME_MAX ||
	    strspn(name, "0123456789") != 3 || name[3] != '-' ||
	    topic != len - strlen(".sql"))
		return 0;
	return (int)strtol(name, NULL, 10);
}

/* Read one file and take its hash.  Returns CLI_OK, or what cli_fail() did. */
static int
load_file(int folder_fd, const char *folder, struct db_migrate_file *one)
{
	unsigned char hash[crypto_generichash_BYTES];
	ssize_t got;
	char *room;
	int fd;

	_Static_assert(sizeof(one->checksum) == sizeof(hash) * 2 + 1, "in hex");
	fd = openat(folder_fd, one->name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return cli_fail(CLI_FAILED, NULL, "%s/%s: %s", folder,
		    one->name, strerror(errno));
	do {
		room = buf_room(&one->sql, 65536);
		got = room == NULL ? 0 : read(fd, room, 65536);
		if (got > 0)
			one->sql.len += (size_t)got;
	} while (got > 0);
	close(fd);
	if (got < 0 || one->sql.failed)
		return cli_fail(CLI_FAILED, NULL, "%s/%s: %s", folder,
		    one->name,
		    got < 0 ? strerror(errno) : "is larger than 4 MiB");
	buf_text(&one->sql, ""); /* data is not NULL, even for an empty file */
	if (one->sql.data == NULL || one->sql.failed ||
	    memchr(one->sql.data, '\0', one->sql.len) != NULL)
		return cli_fail(CLI_FAILED, NULL, "%s/%s: is empty or no text",
		    folder, one->name);
	crypto_generichash(hash, sizeof(hash),
	    (const unsigned char *)one->sql.data, one->sql.len, NULL, 0);
	sodium_bin2hex(
	    one->checksum, sizeof(one->checksum), hash, sizeof(hash));
	return CLI_OK;
}

static int
compare_files(const void *a, const void *b)
{
	const struct db_migrate_file *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Collect the *.sql of an open folder.  Other files are none of ours. */
static int
load_names(DIR *dir, struct db_migrations *m)
{
	struct dirent *entry;
	struct db_migrate_file *one;
	const char *dot;
	int number;

	while ((entry = readdir(dir)) != NULL) {
		dot = strrchr(entry->d_name, '.');
		if (dot == NULL || strcmp(dot, ".sql") != 0)
			continue;
		number = name_number(entry->d_name);
		if (number == 0)
			return cli_fail(CLI_FAILED,
			    "call it 001-topic.sql: three digits from 001, and "
			    "a topic of a-z, 0-9 and -",
			    "%s/%s: not the name of a migration", m->folder,
			    entry->d_name);
		m->list =
		    cli_realloc(m->list, (size_t)(m->n + 1) * sizeof(*m->list));
		one = &m->list[m->n++];
		*one = (struct db_migrate_file){
		    .number = number, .sql = buf_new(FILE_MAX_BYTES)};
		snprintf(one->name, sizeof(one->name), "%s", entry->d_name);
	}
	qsort(m->list, (size_t)m->n, sizeof(*m->list), compare_files);
	return CLI_OK;
}

/* Numbers must be 1, 2, 3 ...: a gap is a file that somebody forgot. */
static int
check_numbers(const struct db_migrations *m)
{
	for (int i = 0; i < m->n; i++) {
		if (i > 0 && m->list[i].number == m->list[i - 1].number)
			return cli_fail(CLI_CONFLICT,
			    "give the one not yet applied the next free number",
			    "%s and %s have the same number",
			    m->list[i - 1].name, m->list[i].name);
		if (m->list[i].number != i + 1)
			return cli_fail(CLI_CONFLICT,
			    "numbers run from 001 without a gap",
			    "%s: %03d is missing before %s", m->folder, i + 1,
			    m->list[i].name);
	}
	return CLI_OK;
}

int
db_migrate_load(struct db_migrations *m, const char *folder)
{
	DIR *dir;
	int code;

	*m = (struct db_migrations){.folder = folder};
	if (sodium_init() < 0)
		return cli_fail(CLI_FAILED, NULL, "libsodium does not start");
	dir = opendir(m->folder);
	if (dir == NULL)
		return cli_fail(CLI_NOT_FOUND, "name the folder of migrations",
		    "%s: %s", m->folder, strerror(errno));
	code = load_names(dir, m);
	if (code == CLI_OK)
		code = check_numbers(m);
	for (int i = 0; i < m->n && code == CLI_OK; i++)
		code = load_file(dirfd(dir), m->folder, &m->list[i]);
	closedir(dir);
	if (code == CLI_OK && m->n == 0)
		code = cli_fail(CLI_NOT_FOUND, "name the folder of migrations",
		    "%s: no NNN-topic.sql in it", m->folder);
	return code;
}

/* Compare one applied migration with its file, and mark the file. */
static int
check_applied(struct db_migrations *m, int64_t number, const char *name,
    const char *checksum)
{
	struct db_migrate_file *one;

	if (number < 1 || number > m->n)
		return cli_fail(CLI_CONFLICT,
		    "run the newest version of the program and its sql folder",
		    "%s is applied, but not in %s", name, m->folder);
	one = &m->list[number - 1];
	if (strcmp(one->checksum, checksum) != 0)
		return cli_fail(CLI_CONFLICT,
		    "restore the file, and put the change into a new one",
		    "%s/%s was changed after it was applied", m->folder,
		    one->name);
	one->applied = true;
	return CLI_OK;
}

/*
 * Read schema_migration.  A file without a row below one with a row came too
 * late: on other machines the order was another.
 */
static int
check_history(PGconn *conn, struct db_migrations *m)
{
	PGresult *res;
	int code = CLI_OK;

	res = db_direct_query(conn,
	    "SELECT number, name, checksum FROM schema_migration "
	    "ORDER BY number",
	    NULL, 0);
	if (res == NULL)
		return CLI_FAILED;
	for (int i = 0; i < PQntuples(res) && code == CLI_OK; i++)
		code =
		    check_applied(m, strtoimax(PQgetvalue(res, i, 0), NULL, 10),
		        PQgetvalue(res, i, 1), PQgetvalue(res, i, 2));
	PQclear(res);
	for (int i = 0; i + 1 < m->n && code == CLI_OK; i++)
		if (!m->list[i].applied && m->list[i + 1].applied)
			code = cli_fail(CLI_CONFLICT,
			    "give it the next free number",
			    "%s is not applied, but %s is", m->list[i].name,
			    m->list[i + 1].name);
	return code;
}

int
db_migrate_history(PGconn *conn, struct db_migrations *m)
{
	PGresult *res;
	int64_t found;

	res = db_direct_query(conn,
	    "SELECT (to_regclass('schema_migration') IS NOT NULL)::integer",
	    NULL, 0);
	if (res == NULL)
		return CLI_FAILED;
	found = db_direct_int(res);
	PQclear(res);
	return found == 1 ? check_history(conn, m) : CLI_OK;
}

int
db_migrate_due(const struct db_migrations *m)
{
	int due = 0;

	for (int i = 0; i < m->n; i++)
		due += m->list[i].applied ? 0 : 1;
	return due;
}

/* The lock belongs to the session: it goes with the connection, come what may.
 */
static int
lock_session(PGconn *conn)
{
	PGresult *res;
	bool mine;

	res = db_direct_query(conn,
	    "SELECT pg_try_advisory_lock(" LOCK_KEY ")::integer", NULL, 0);
	if (res == NULL)
		return CLI_FAILED;
	mine = db_direct_int(res) == 1;
	PQclear(res);
	if (mine)
		return CLI_OK;
	fprintf(stderr,
	    "mayfly: waiting up to " LOCK_WAIT " for another migration\n");
	if (!db_direct_run(conn, "SET lock_timeout = '" LOCK_WAIT "'") ||
	    !db_direct_run(conn, "SELECT pg_advisory_lock(" LOCK_KEY ")"))
		return CLI_CONFLICT;
	return CLI_OK;
}

/*
 * The line that an error is on, or 0 when the server does not say.  The
 * position is in characters from 1, so bytes that continue one do not count.
 */
static int
error_line(const PGresult *res, const struct buf *sql)
{
	const char *text = PQresultErrorField(res, PG_DIAG_STATEMENT_POSITION);
	intmax_t left = text == NULL ? 0 : strtoimax(text, NULL, 10);
	int line = 1;

	if (left <= 0)
		return 0;
	for (size_t i = 0; i < sql->len; i++) {
		if (((unsigned char)sql->data[i] & 0xC0) != 0x80 && --left == 0)
			break;
		if (sql->data[i] == '\n')
			line++;
	}
	return line;
}

/* FILE:LINE: MESSAGE, and what the server has to add as the hint. */
static int
fail_file(const struct db_migrations *m, const struct db_migrate_file *one,
    PGconn *conn, const PGresult *res, const struct buf *sql)
{
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL);
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	int line = error_line(res, sql);
	char place[16] = "";

	if (detail == NULL)
		detail = PQresultErrorField(res, PG_DIAG_MESSAGE_HINT);
	if (detail == NULL)
		detail = PQresultErrorField(res, PG_DIAG_CONTEXT);
	if (line > 0)
		snprintf(place, sizeof(place), ":%d", line);
	return cli_fail(CLI_FAILED, detail, "%s/%s%s: %s (%s)", m->folder,
	    one->name, place, text != NULL ? text : PQerrorMessage(conn),
	    state != NULL ? state : "connection lost");
}

static bool
record(PGconn *conn, const struct db_migrate_file *one, int64_t duration_ms)
{
	char number[16], duration[24];
	const char *args[4] = {number, one->name, one->checksum, duration};
	PGresult *res;

	snprintf(number, sizeof(number), "%d", one->number);
	snprintf(duration, sizeof(duration), "%" PRId64, duration_ms);
	res = db_direct_query(conn,
	    "INSERT INTO public.schema_migration "
	    "(number, name, checksum, duration_ms) VALUES ($1, $2, $3, $4)",
	    args, LENGTH(args));
	PQclear(res);
	return res != NULL;
}

/* What is only tried: the transaction that is open has what belongs to the
 * whole cluster in it; and the reason why that says nothing. */
struct rehearsal {
	bool held, unknown;
	char *problem;
	size_t size;
};

static bool
state_in(const PGresult *res, const char *states)
{
	const char *text = PQresultErrorField(res, PG_DIAG_SQLSTATE);

	return text != NULL && strstr(states, text) != NULL;
}

/*
 * Whether what fails in a copy may do in the database itself: it needs what was
 * before it to be committed (unsafe_new_enum_value_usage, and object_in_use for
 * "it has pending trigger events"), or rows, of which the copy has none: one
 * that it refers to, one that a subquery returns, one that a DO block looks
 * for.
 */
static bool
excused(struct rehearsal *r, const struct db_migrations *m,
    const struct db_migrate_file *one, const PGresult *res,
    const struct buf *sql)
{
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

	if (r == NULL)
		return false;
	if (r->held && state_in(res, "55P04 55006"))
		snprintf(r->problem, r->size,
		    "%s/%s cannot be tried in one transaction with the changes "
		    "of roles before it",
		    m->folder, one->name);
	else if (state_in(res, "23502 23503 23514 P0001 P0002 P0004"))
		snprintf(r->problem, r->size,
		    "%s/%s may need rows, and the copy has none (line %d: %s)",
		    m->folder, one->name, error_line(res, sql),
		    text != NULL ? text : "");
	else
		return false;
	r->unknown = true;
	return true;
}

/* Run the statements of a file in the transaction that is open.  They go out by
 * the simple protocol, the only one that takes many; their text comes from the
 * owner's own disk.  r is NULL when it is no rehearsal. */
static int
run_file(PGconn *conn, const struct db_migrations *m,
    const struct db_migrate_file *one, const struct buf *sql,
    struct rehearsal *r)
{
	PGresult *res = PQexec(conn, sql->data);
	ExecStatusType status = PQresultStatus(res);
	bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
	            status == PGRES_EMPTY_QUERY;
	int code = CLI_OK;

	if (PQtransactionStatus(conn) == PQTRANS_IDLE)
		code = cli_fail(CLI_FAILED,
		    "each file is one transaction: take COMMIT and ROLLBACK "
		    "out, and see what was already done",
		    "%s/%s ends its own transaction", m->folder, one->name);
	else if (!good && excused(r, m, one, res, sql))
		code = CLI_FAILED;
	else if (!good)
		code = fail_file(m, one, conn, res, sql);
	PQclear(res);
	return code;
}

/* The file as it is run: with names for placeholders. */
static int
fill_file(PGconn *conn, const struct db_migrations *m,
    const struct db_migrate_file *one, struct buf *sql)
{
	*sql = buf_new(FILLED_MAX_BYTES);
	buf_text(sql, ""); /* data is not NULL, even for an empty file */
	if (db_fill_ends(one->sql.data))
		return cli_fail(CLI_FAILED,
		    "each file is one transaction: take ROLLBACK out",
		    "%s/%s ends its own transaction", m->folder, one->name);
	if (!db_direct_settle(conn) ||
	    !db_roles_fill(conn, one->sql.data, sql) ||
	    !db_direct_run(
	        conn, "SET lock_timeout = '" STATEMENT_LOCK_WAIT "'"))
		return CLI_FAILED;
	if (sql->failed)
		return cli_fail(CLI_FAILED, NULL,
		    "%s/%s: is larger than 5 MiB with the names of roles",
		    m->folder, one->name);
	return CLI_OK;
}

/* One file and its row in one transaction. */
static int
apply_file(PGconn *conn, struct db_migrations *m, struct db_migrate_file *one)
{
	int64_t begin = stamp_monotonic_ms(), duration;
	struct buf sql;
	int code;

	code = fill_file(conn, m, one, &sql);
	if (code == CLI_OK && !db_direct_run(conn, "BEGIN"))
		code = CLI_FAILED;
	if (code == CLI_OK)
		code = run_file(conn, m, one, &sql, NULL);
	buf_free(&sql);
	duration = stamp_monotonic_ms() - begin;
	if (code == CLI_OK &&
	    (!record(conn, one, duration) || !db_direct_run(conn, "COMMIT")))
		code = CLI_FAILED;
	if (code == CLI_OK) {
		one->applied = true;
		m->done++;
		printf("applied %s in %" PRId64 " ms\n", one->name, duration);
		fflush(stdout);
	}
	return code;
}

static bool
make_table(PGconn *conn)
{
	return db_direct_run(conn,
	    "CREATE TABLE IF NOT EXISTS schema_migration ("
	    "    number integer PRIMARY KEY CHECK (number > 0),"
	    "    name text NOT NULL,"
	    "    checksum text NOT NULL,"
	    "    applied_at timestamptz NOT NULL"
	    "        DEFAULT clock_timestamp(),"
	    "    duration_ms bigint NOT NULL)");
}

int
db_migrate_apply(PGconn *conn, struct db_migrations *m)
{
	int code;

	code = lock_session(conn);
	if (code != CLI_OK)
		return code;
	if (!db_direct_run(
	        conn, "SET lock_timeout = '" STATEMENT_LOCK_WAIT "'") ||
	    !make_table(conn))
		return CLI_FAILED;
	code = check_history(conn, m);
	if (code == CLI_OK)
		code = db_roles_make(conn);
	for (int i = 0; i < m->n && code == CLI_OK; i++)
		if (!m->list[i].applied)
			code = apply_file(conn, m, &m->list[i]);
	return code;
}

/* ---- the rehearsal ---- */

/* Whether the transaction that is open has written what belongs to the whole
 * cluster: such commands keep their lock on the shared catalog to its end.  1
 * or 0, or -1 after cli_fail(). */
static int
wrote_cluster(PGconn *conn)
{
	PGresult *res;
	int found;

	res = db_direct_query(conn,
	    "SELECT (count(*) > 0)::integer FROM pg_locks"
	    " WHERE pid = pg_backend_pid() AND locktype = 'relation'"
	    " AND database = 0 AND mode IN ('RowExclusiveLock',"
	    " 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock',"
	    " 'ExclusiveLock', 'AccessExclusiveLock')",
	    NULL, 0);
	if (res == NULL)
		return -1;
	found = (int)db_direct_int(res);
	PQclear(res);
	return found;
}

/* The end of a step: committed, but for what belongs to the whole cluster. */
static bool
end_step(PGconn *conn)
{
	int found = wrote_cluster(conn);

	return found == 1 || (found == 0 && db_direct_run(conn, "COMMIT"));
}

/* What makes a COMMIT fail that a file has and must not: a unique constraint
 * that is looked at only then, and broken. */
static bool
arm(PGconn *conn)
{
	return db_direct_run(
	    conn, "INSERT INTO pg_temp.mayfly_uncommitted VALUES (1), (1)");
}

static bool
disarm(PGconn *conn)
{
	return db_direct_run(conn, "DELETE FROM pg_temp.mayfly_uncommitted");
}

static enum db_migrate_rehearsal
rehearse_file(PGconn *conn, const struct db_migrations *m,
    const struct db_migrate_file *one, char *problem, size_t size)
{
	struct rehearsal r = {
	    .held = PQtransactionStatus(conn) == PQTRANS_INTRANS,
	    .problem = problem,
	    .size = size};
	struct buf sql;
	bool armed;
	int code;

	/* One that has constraints looked at early would find ours broken. */
	armed = strcasestr(one->sql.data, "constraints") == NULL;
	code = fill_file(conn, m, one, &sql);
	if (code == CLI_OK && ((!r.held && !db_direct_run(conn, "BEGIN")) ||
	                          (armed && !arm(conn))))
		code = CLI_FAILED;
	if (code == CLI_OK)
		code = run_file(conn, m, one, &sql, &r);
	buf_free(&sql);
	if (code != CLI_OK)
		return r.unknown ? DB_MIGRATE_UNKNOWN : DB_MIGRATE_REFUSED;
	if ((armed && !disarm(conn)) || !record(conn, one, 0) ||
	    !end_step(conn))
		return DB_MIGRATE_REFUSED;
	return DB_MIGRATE_FITS;
}

enum db_migrate_rehearsal
db_migrate_rehearse(PGconn *conn, struct db_migrations *m, const char *database,
    char *problem, size_t size)
{
	enum db_migrate_rehearsal how = DB_MIGRATE_FITS;

	if (!db_direct_run(conn,
	        "CREATE TEMPORARY TABLE mayfly_uncommitted ("
	        "    x integer UNIQUE DEFERRABLE INITIALLY DEFERRED)") ||
	    !make_table(conn) || !db_direct_run(conn, "BEGIN") ||
	    db_roles_make_for(conn, database) != CLI_OK || !end_step(conn))
		return DB_MIGRATE_REFUSED;
	for (int i = 0; i < m->n && how == DB_MIGRATE_FITS; i++)
		if (!m->list[i].applied)
			how =
			    rehearse_file(conn, m, &m->list[i], problem, size);
	return how;
}

/* ---- the command ---- */

/* Say what would be applied; change nothing, wait for nobody. */
static int
dry_run(PGconn *conn, struct db_migrations *m)
{
	int code;

	code = db_migrate_history(conn, m);
	if (code != CLI_OK)
		return code;
	for (int i = 0; i < m->n; i++)
		if (!m->list[i].applied)
			printf("would apply %s\n", m->list[i].name);
	if (db_migrate_due(m) == 0)
		puts("up to date");
	return CLI_OK;
}

static int
db_migrate_run(int argc, char *argv[])
{
	struct db_migrations m;
	const char *folder = "sql";
	PGconn *conn = NULL;
	bool dry = false;
	int code, folders = 0;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--dry-run") == 0) {
			dry = true;
		} else if (argv[i][0] != '-' && folders == 0) {
			folder = argv[i];
			folders++;
		} else {
			return cli_fail(CLI_USAGE,
			    "see: mayfly help db migrate",
			    "db migrate takes no \"%s\"", argv[i]);
		}
	}
	code = db_migrate_load(&m, folder);
	if (code == CLI_OK)
		code = db_direct_open(&conn);
	if (code == CLI_OK)
		code = dry ? dry_run(conn, &m) : db_migrate_apply(conn, &m);
	if (code == CLI_OK && !dry && m.done == 0)
		puts("up to date");
	PQfinish(conn);
	db_migrate_free(&m);
	return code;
}

const struct command command_db_migrate = {
    .name = "db migrate",
    .usage = "[--dry-run] [FOLDER]",
    .about = "Apply the SQL files that the database does not have yet.",
    .help = "  --dry-run  list what would be applied, and change nothing\n"
            "  FOLDER     of files 001-topic.sql, 002-...; default sql\n"
            "Connects to MAYFLY_MIGRATE_URL as the owner, past PgBouncer.\n",
    .run = db_migrate_run,
};
