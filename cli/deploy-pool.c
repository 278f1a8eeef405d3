/* SPDX-License-Identifier: MIT */
/*
 * deploy-pool -- see deploy.h: PgBouncer replaces its connections as they fall
 * free when the schema or the names of the statements have changed, so that
 * none keeps plans of another schema.
 *
 * In its file a comment in each connect_query holds a number that stands for
 * both; with another number it has another connect_query.  PgBouncer, or its
 * keeper, is told by SIGHUP; a file as scripts/lib.sh writes it names the
 * process: "PID STARTED ...".
 */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db-direct.h"
#include "deploy.h"
#include "store-file.h"

enum {
	SUM_CHARS = 12,
	FILE_MAX_BYTES = 1024 * 1024,
	STARTED_FIELD = 20, /* behind the name, in /proc/PID/stat */
};

/* The number of what the database has now. */
static bool
sum_now(char sum[SUM_CHARS + 1])
{
	unsigned char digest[crypto_generichash_BYTES];
	char hex[2 * sizeof(digest) + 1];
	PGresult *res = NULL;
	PGconn *conn;

	if (db_direct_open(&conn) == CLI_OK)
		res = db_direct_query(conn,
		    "SELECT coalesce(string_agg(line, E'\\n' ORDER BY line),"
		    " '') FROM (SELECT concat_ws(' ', name, role) AS line"
		    " FROM prepared_statement UNION ALL"
		    " SELECT concat_ws(' ', number, checksum, applied_at)"
		    " FROM schema_migration) AS lines",
		    NULL, 0);
	if (res != NULL && sodium_init() >= 0) {
		crypto_generichash(digest, sizeof(digest),
		    (const unsigned char *)PQgetvalue(res, 0, 0),
		    (unsigned long long)PQgetlength(res, 0, 0), NULL, 0);
		sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
		snprintf(sum, SUM_CHARS + 1, "%.*s", SUM_CHARS, hex);
	}
	PQfinish(conn);
	PQclear(res);
	return res != NULL;
}

/* Where the next number begins, which stands as a comment; or NULL. */
static char *
find_number(char *at)
{
	for (at = strstr(at, "/* "); at != NULL; at = strstr(at + 1, "/* ")) {
		char *number = at + strlen("/* ");
		size_t len = strspn(number, "0123456789abcdef");

		if (len == SUM_CHARS &&
		    strncmp(number + len, " */", strlen(" */")) == 0)
			return number;
	}
	return NULL;
}

/* Put the number in; whether that changed anything. */
static bool
replace(char *text, const char *sum)
{
	bool changed = false;

	for (char *at = find_number(text); at != NULL; at = find_number(at)) {
		if (strncmp(at, sum, SUM_CHARS) != 0)
			changed = true;
		memcpy(at, sum, SUM_CHARS);
	}
	return changed;
}

static char *
read_whole(const char *path)
{
	char *text = cli_alloc(FILE_MAX_BYTES);
	FILE *f = fopen(path, "re");
	size_t n = 0;

	if (f != NULL) {
		n = fread(text, 1, FILE_MAX_BYTES - 1, f);
		fclose(f);
	}
	text[n] = '\0';
	if (f != NULL)
		return text;
	free(text);
	return NULL;
}

/* When a process started, as the kernel says it; "" when there is none. */
static void
started_of(long pid, char to[32])
{
	char path[64], *text, *at;

	*to = '\0';
	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	text = read_whole(path);
	at = text == NULL ? NULL : strrchr(text, ')');
	for (int field = 0; at != NULL && field < STARTED_FIELD; field++)
		at = strchr(at + 1, ' ');
	if (at != NULL)
		snprintf(to, 32, "%.*s", (int)strcspn(at + 1, " "), at + 1);
	free(text);
}

/* One that is not there has nothing to forget. */
static void
tell_pool(const char *path)
{
	char *text = read_whole(path), *rest = NULL, started[32];
	long pid = text == NULL ? 0 : strtol(text, &rest, 10);

	if (pid > 1 && pid <= INT32_MAX) {
		started_of(pid, started);
		rest += strspn(rest, " ");
		if (*started != '\0' &&
		    (!isdigit((unsigned char)*rest) ||
		        strncmp(rest, started, strlen(started)) == 0))
			kill((pid_t)pid, SIGHUP);
	}
	free(text);
}

int
deploy_pool(struct deploy *d)
{
	char sum[SUM_CHARS + 1], problem[DEPLOY_PROBLEM_BYTES];
	const char *path = d->web[DEPLOY_WEB_POOL_INI];
	int code = CLI_OK;
	char *text;

	if (*path == '\0' || d->no_database)
		return CLI_OK;
	text = read_whole(path);
	if (text == NULL)
		return cli_fail(CLI_NOT_FOUND, "see --pgbouncer-ini", "%s: %s",
		    path, strerror(errno));
	if (!sum_now(sum)) {
		code = CLI_FAILED;
	} else if (replace(text, sum)) {
		if (!store_file_write(
		        path, text, strlen(text), problem, sizeof(problem)))
			code = cli_fail(CLI_FAILED, NULL, "%s", problem);
		else
			tell_pool(d->web[DEPLOY_WEB_POOL_PID]);
		snprintf(d->note, sizeof(d->note), "other connections");
	}
	free(text);
	return code;
}
