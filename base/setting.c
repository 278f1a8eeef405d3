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

#include "token.h"

enum {
	FILE_MAX_BYTES = 64 * 1024,
};

enum kind { TEXT, NUMBER, LEVEL };

static const struct {
	const char *name;
	const char *or_else;
	enum kind kind;
	int64_t min, max; /* of a number or level, or of the length of a text */
} table[SETTINGS] = {
    [SETTING_DATABASE_URL] = {"DATABASE_URL", NULL, TEXT, 1, 4096},
    [SETTING_TOKEN_SECRET] = {"MAYFLY_TOKEN_SECRET", NULL, TEXT,
        TOKEN_SECRET_MIN_BYTES, 1024},
    [SETTING_TOKEN_TTL_S] = {"MAYFLY_TOKEN_TTL_S", "604800", NUMBER, 60,
        31536000},
    [SETTING_LOG_LEVEL] = {"MAYFLY_LOG_LEVEL", "info", LEVEL, LOG_DEBUG,
        LOG_ERROR},
    [SETTING_RUN_DIR] = {"MAYFLY_RUN_DIR", "var/run", TEXT, 1, 80},
    [SETTING_FUNCTIONS] = {"MAYFLY_FUNCTIONS", NULL, TEXT, 1, 4096},
    [SETTING_IDLE_MS] = {"MAYFLY_IDLE_MS", "10000", NUMBER, 1, 3600000},
    [SETTING_MAX_INSTANCES] = {"MAYFLY_MAX_INSTANCES", "8", NUMBER, 1, 64},
    [SETTING_DEV] = {"MAYFLY_DEV", "0", NUMBER, 0, 1},
};

static const char *values[SETTINGS];
static int64_t numbers[SETTINGS] = {[SETTING_LOG_LEVEL] = LOG_INFO};

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
	if (!table_find(line, (size_t)(equals - line), &which))
		return;
	if (values[which] == NULL)
		values[which] = equals + 1;
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
		snprintf(problem, size, "%s is not a file below 64 KiB", path);
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
	return text;
}

static bool
read_file(char *problem, size_t size)
{
	static char *contents; /* values are parts of it */
	const char *path;
	char *rest, *line;
	int fd;

	path = getenv("MAYFLY_ENV_FILE");
	fd = open(path != NULL ? path : ENV_FILE, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		if (path == NULL && errno == ENOENT)
			return true; /* the usual file need not exist */
		snprintf(problem, size, "%s: %s",
		    path != NULL ? path : ENV_FILE, strerror(errno));
		return false;
	}
	free(contents);
	contents = slurp(fd, path != NULL ? path : ENV_FILE, problem, size);
	close(fd);
	if (contents == NULL)
		return false;
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
check(int i, char *problem, size_t size)
{
	if (values[i] == NULL)
		return true;
	switch (table[i].kind) {
	case NUMBER:
		return check_number(i, problem, size);
	case LEVEL:
		return check_level(i, problem, size);
	case TEXT:
		break;
	}
	return check_text(i, problem, size);
}

bool
setting_load(char *problem, size_t size)
{
	for (int i = 0; i < SETTINGS; i++)
		values[i] = getenv(table[i].name);
	if (!read_file(problem, size))
		return false;
	for (int i = 0; i < SETTINGS; i++) {
		if (values[i] == NULL)
			values[i] = table[i].or_else;
		if (!check(i, problem, size))
			return false;
	}
	return true;
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
