/* SPDX-License-Identifier: MIT */
/* setting -- see setting.h.  The table is the list of all settings. */
#include "setting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rate_class.h"
#include "token.h"

enum {
	FILE_MAX_BYTES = 64 * 1024,
};

enum kind { TEXT, NUMBER, LEVEL, RATES, APP };

static const struct {
	const char *name;
	const char *or_else;
	enum kind kind;
	int64_t min, max; /* of a number or level, or of the length of a text */
} table[SETTINGS] = {
    [SETTING_DATABASE_URL] = {"DATABASE_URL", NULL, TEXT, 1, 4096},
    [SETTING_READER_URL] = {"DATABASE_READER_URL", NULL, TEXT, 1, 4096},
    [SETTING_WRITER_URL] = {"DATABASE_WRITER_URL", NULL, TEXT, 1, 4096},
    [SETTING_ACCOUNT_URL] = {"DATABASE_ACCOUNT_URL", NULL, TEXT, 1, 4096},
    [SETTING_TOKEN_SECRET] = {"MAYFLY_TOKEN_SECRET", NULL, TEXT,
        TOKEN_SECRET_MIN_BYTES, 1024},
    [SETTING_TOKEN_TTL_S] = {"MAYFLY_TOKEN_TTL_S", "604800", NUMBER, 60,
        31536000},
    [SETTING_ACCESS_TTL_S] = {"MAYFLY_ACCESS_TTL_S", "900", NUMBER, 60, 86400},
    [SETTING_LOG_LEVEL] = {"MAYFLY_LOG_LEVEL", "info", LEVEL, LOG_DEBUG,
        LOG_ERROR},
    [SETTING_RUN_DIR] = {"MAYFLY_RUN_DIR", "var/run", TEXT, 1, 80},
    [SETTING_STORE] = {"MAYFLY_STORE", "var/store", TEXT, 1, 1024},
    [SETTING_APP] = {"MAYFLY_APP", "app", APP, 1, 32},
    [SETTING_FUNCTIONS] = {"MAYFLY_FUNCTIONS", NULL, TEXT, 1, 4096},
    [SETTING_IDLE_MS] = {"MAYFLY_IDLE_MS", "10000", NUMBER, 1, 3600000},
    [SETTING_MAX_INSTANCES] = {"MAYFLY_MAX_INSTANCES", "8", NUMBER, 1, 64},
    [SETTING_SITE_URL] = {"MAYFLY_SITE_URL", "http://127.0.0.1:8787", TEXT, 8,
        1024},
    [SETTING_SITE_TITLE] = {"MAYFLY_SITE_TITLE", "Mayfly", TEXT, 1, 200},
    [SETTING_DEV] = {"MAYFLY_DEV", "0", NUMBER, 0, 1},
    [SETTING_RATES] = {"MAYFLY_RATES", "", RATES, 0, 4096},
};

static const char *values[SETTINGS];

/* Those of the function, beside the table. */
static struct {
	const char *const *names;
	int n;
	const char *values[SETTING_OWN_MAX];
} own;

static int64_t numbers[SETTINGS] = {[SETTING_LOG_LEVEL] = LOG_INFO};

static char *contents;  /* of the file; values are parts of it */
static size_t text_len; /* of the file; strsep(3) puts NULs into contents */

static bool
table_find(const char *name, size_t len, int *which)
{
	for (int i = 0; i < SETTINGS; i++) {
		if (strlen(table[i].name) == len &&
		    memcmp(table[i].name, name, len) == 0) {
			*which = i;
			return true;
		}
	}
	return false;
}

/* One line of the file; keys that are not ours belong to somebody else. */
static void
read_line(char *line)
{
	char *equals;
	int which;

	equals = strchr(line, '=');
	if (line[0] == '#' || equals == NULL)
		return;
	if (table_find(line, (size_t)(equals - line), &which)) {
		if (values[which] == NULL)
			values[which] = equals + 1;
		return;
	}
	for (int i = 0; i < own.n; i++)
		if (own.values[i] == NULL &&
		    strlen(own.names[i]) == (size_t)(equals - line) &&
		    strncmp(own.names[i], line, (size_t)(equals - line)) == 0)
			own.values[i] = equals + 1;
}

/* The whole file, NUL-terminated, or NULL. */
static char *
slurp(int fd, const char *path, char *problem, size_t size)
{
	struct stat st;
	char *text;
	ssize_t n;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > FILE_MAX_BYTES) {
		snprintf(
		    problem, size, "%s is not a file of at most 64 KiB", path);
		return NULL;
	}
	if ((st.st_mode & 077) != 0) {
		snprintf(problem, size,
		    "%s can be read by others; run: chmod 600 %s", path, path);
		return NULL;
	}
	text = malloc((size_t)st.st_size + 1);
	n = text != NULL ? read(fd, text, (size_t)st.st_size) : -1;
	if (n < 0) {
		snprintf(problem, size, "%s: %s", path, strerror(errno));
		free(text);
		return NULL;
	}
	text[n] = '\0';
	if (strlen(text) != (size_t)n) {
		snprintf(problem, size, "%s holds a NUL", path);
		free(text);
		return NULL;
	}
	return text;
}

/* The contents of the file; NULL in *text when the usual one is not there,
 * which it need not be. */
static bool
open_file(char **text, char *problem, size_t size)
{
	const char *path = getenv("MAYFLY_ENV_FILE");
	bool usual = path == NULL;
	int fd;

	*text = NULL;
	if (usual)
		path = ENV_FILE;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		if (usual && errno == ENOENT)
			return true;
		snprintf(problem, size, "%s: %s", path, strerror(errno));
		return false;
	}
	*text = slurp(fd, path, problem, size);
	close(fd);
	return *text != NULL;
}

static bool
read_file(char *problem, size_t size)
{
	char *rest, *line;

	if (!open_file(&contents, problem, size))
		return false;
	text_len = contents != NULL ? strlen(contents) : 0;
	rest = contents;
	while ((line = strsep(&rest, "\n")) != NULL)
		read_line(line);
	return true;
}

static bool
check_number(int i, char *problem, size_t size)
{
	const char *text = values[i];
	int64_t n;
	char *end;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || n < table[i].min ||
	    n > table[i].max) {
		snprintf(problem, size, "%s must be a number from %lld to %lld",
		    table[i].name, (long long)table[i].min,
		    (long long)table[i].max);
		return false;
	}
	numbers[i] = n;
	return true;
}

static bool
check_level(int i, char *problem, size_t size)
{
	char words[64] = "";
	enum log_level level;
	size_t len = 0;

	if (log_level_find(values[i], &level)) {
		numbers[i] = level;
		return true;
	}
	for (int64_t n = table[i].min; n <= table[i].max; n++)
		len += (size_t)snprintf(words + len, sizeof(words) - len,
		    "%s%s", n > table[i].min ? ", " : "",
		    log_level_word((enum log_level)n));
	snprintf(problem, size, "%s must be one of: %s", table[i].name, words);
	return false;
}

static bool
check_text(int i, char *problem, size_t size)
{
	int64_t n = (int64_t)strlen(values[i]);

	if (n >= table[i].min && n <= table[i].max)
		return true;
	snprintf(problem, size, "%s must have %lld to %lld bytes",
	    table[i].name, (long long)table[i].min, (long long)table[i].max);
	return false;
}

static bool
check_app(int i, char *problem, size_t size)
{
	const char *app = values[i];
	size_t len = strlen(app);

	if (len > 0 && (int64_t)len <= table[i].max && *app != '-' &&
	    strspn(app, "abcdefghijklmnopqrstuvwxyz0123456789-") == len)
		return true;
	snprintf(
	    problem, size, "%s must be [a-z0-9][a-z0-9-]{0,31}", table[i].name);
	return false;
}

static bool
check(int i, char *problem, size_t size)
{
	if (values[i] == NULL)
		return true;
	switch (table[i].kind) {
	case NUMBER:
		return check_number(i, problem, size);
	case LEVEL:
		return check_level(i, problem, size);
	case RATES:
		return rate_class_change(values[i], problem, size);
	case APP:
		return check_app(i, problem, size);
	case TEXT:
		break;
	}
	return check_text(i, problem, size);
}

/* ---- a function's own ---- */

const char *
setting_own_problem(const char *name)
{
	/* As CGI, the client writes some of these (RFC 3875, 4.1), and the
	 * environment comes before the file; others are the loader's. */
	static const char taken[] =
	    "AUTH_ CONTENT_ DOCUMENT_ GATEWAY_ GLIBC_ HOME HTTP LD_ MALLOC_"
	    " PATH PG QUERY_ REDIRECT_ REMOTE_ REQUEST_ SCRIPT_ SERVER_ SSL_"
	    " UNIQUE_ID";
	size_t len = strlen(name);
	int which;

	if (len == 0 || len > SETTING_OWN_NAME_MAX || name[0] < 'A' ||
	    name[0] > 'Z' ||
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != len)
		return "is not [A-Z][A-Z0-9_]{0,63}";
	if (strncmp(name, "MAYFLY_", 7) == 0 || table_find(name, len, &which))
		return "is a name of Mayfly's own";
	for (const char *t = taken; *t != '\0'; t += strspn(t, " ")) {
		len = strcspn(t, " ");
		if (strncmp(name, t, len) == 0)
			return "is, or begins like, a variable that a web"
			       " server or the system sets";
		t += len;
	}
	return NULL;
}

void
setting_own(const char *const *names, int n)
{
	own.names = names;
	own.n = n;
}

const char *
setting_own_text(const char *name)
{
	for (int i = 0; i < own.n; i++)
		if (strcmp(own.names[i], name) == 0)
			return own.values[i];
	return NULL;
}

/* Whether len bytes can be the value of a setting. */
static bool
check_own_length(const char *name, size_t len, char *problem, size_t size)
{
	const char *file = getenv("MAYFLY_ENV_FILE");

	if (file == NULL)
		file = ENV_FILE;
	if (len > 0 && len <= SETTING_OWN_TEXT_MAX)
		return true;
	if (len == 0)
		snprintf(problem, size, "%s is not set: add %s=... to %s", name,
		    name, file);
	else
		snprintf(problem, size, "%s must have 1 to %d bytes", name,
		    SETTING_OWN_TEXT_MAX);
	return false;
}

static bool
check_own(char *problem, size_t size)
{
	for (int i = 0; i < own.n; i++)
		if (!check_own_length(own.names[i],
		        own.values[i] != NULL ? strlen(own.values[i]) : 0,
		        problem, size))
			return false;
	return true;
}

/* How long the value of name is in text; 0 for none. */
static size_t
own_length(const char *name, const char *text)
{
	const char *value = getenv(name);
	size_t len = strlen(name);

	if (value != NULL)
		return strlen(value);
	while (text != NULL && *text != '\0') {
		if (strncmp(text, name, len) == 0 && text[len] == '=')
			return strcspn(text + len + 1, "\n");
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return 0;
}

bool
setting_own_there(char *const *names, int n, char *problem, size_t size)
{
	bool good = true;
	char *text;

	if (n == 0)
		return true;
	if (!open_file(&text, problem, size))
		return false;
	for (int i = 0; i < n && good; i++)
		good = check_own_length(
		    names[i], own_length(names[i], text), problem, size);
	free(text);
	return good;
}

static bool
load_all(char *problem, size_t size)
{
	for (int i = 0; i < SETTINGS; i++)
		values[i] = getenv(table[i].name);
	for (int i = 0; i < own.n; i++)
		own.values[i] = getenv(own.names[i]);
	if (!read_file(problem, size) || !check_own(problem, size))
		return false;
	for (int i = 0; i < SETTINGS; i++) {
		if (values[i] == NULL)
			values[i] = table[i].or_else;
		if (!check(i, problem, size))
			return false;
	}
	return true;
}

/* Whether none of them differs from what it was. */
static bool
check_fixed(const enum setting *fixed, int n, const char *const *before,
    char *problem, size_t size)
{
	for (int i = 0; i < n; i++) {
		if (strcmp(before[fixed[i]], values[fixed[i]]) == 0)
			continue;
		snprintf(problem, size, "%s cannot change while this runs",
		    table[fixed[i]].name);
		return false;
	}
	return true;
}

bool
setting_load_again(
    const enum setting *fixed, int n, bool *changed, char *problem, size_t size)
{
	const char *old_values[SETTINGS];
	int64_t old_numbers[SETTINGS];
	char *old_contents = contents;
	size_t old_len = text_len;

	memcpy(old_values, values, sizeof(values));
	memcpy(old_numbers, numbers, sizeof(numbers));
	contents = NULL;
	if (load_all(problem, size) &&
	    check_fixed(fixed, n, old_values, problem, size)) {
		*changed = text_len != old_len ||
		           (text_len > 0 &&
		               memcmp(contents, old_contents, text_len) != 0);
		free(old_contents);
		return true;
	}
	free(contents);
	contents = old_contents;
	text_len = old_len;
	memcpy(values, old_values, sizeof(values));
	memcpy(numbers, old_numbers, sizeof(numbers));
	return false;
}

bool
setting_load(char *problem, size_t size)
{
	bool changed;

	return setting_load_again(NULL, 0, &changed, problem, size);
}

const char *
setting_text(enum setting s)
{
	return values[s];
}

int64_t
setting_int(enum setting s)
{
	return numbers[s];
}

enum log_level
setting_log_level(void)
{
	return (enum log_level)numbers[SETTING_LOG_LEVEL];
}

const char *
setting_name(enum setting s)
{
	return table[s].name;
}
