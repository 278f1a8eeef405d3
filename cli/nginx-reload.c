/* SPDX-License-Identifier: MIT */
/* nginx-reload -- see nginx-reload.h. */
#include "nginx-reload.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "nginx-config.h"
#include "program.h"
#include "stamp.h"

enum {
	WORKERS_MAX = 256,
	LOOK_MS = 5, /* between two looks at the workers */
	PATH_BYTES = 4096,
};

/* Processes that accept connections: those of a list are the old ones. */
struct workers {
	pid_t list[WORKERS_MAX];
	int n;
};

/* ---- files ---- */

static bool
has_text(const char *path, const struct buf *text)
{
	struct buf there = buf_new(NGINX_CONFIG_MAX_BYTES);
	char chunk[16384];
	bool same;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	do {
		n = read(fd, chunk, sizeof(chunk));
		if (n > 0)
			buf_add(&there, chunk, (size_t)n);
	} while (n > 0);
	close(fd);
	same = n == 0 && !there.failed && there.len == text->len &&
	       memcmp(there.data, text->data, text->len) == 0;
	buf_free(&there);
	return same;
}

/* Into a new file: the old one of that name may be the configuration. */
static int
write_new(const char *path, const struct buf *text)
{
	const char *from = text->data;
	size_t left = text->len;
	ssize_t n = 0;
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return cli_fail(
		    CLI_FAILED, NULL, "%s: %s", path, strerror(errno));
	while (left > 0 && n >= 0) {
		n = write(fd, from, left);
		if (n < 0 && errno == EINTR)
			n = 0;
		from += n > 0 ? n : 0;
		left -= n > 0 ? (size_t)n : 0;
	}
	if (left == 0 && fsync(fd) == 0 && close(fd) == 0)
		return CLI_OK;
	cli_fail(
	    CLI_FAILED, "is the disk full?", "%s: %s", path, strerror(errno));
	if (left > 0)
		close(fd);
	return CLI_FAILED;
}

/* Whether both names are one file. */
static bool
are_one(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* The files beside the configuration. */
struct beside {
	char new[PATH_BYTES];  /* what is to be it */
	char old[PATH_BYTES];  /* what was it, until nginx has taken the new */
	char link[PATH_BYTES]; /* a name to be renamed */
};

static int
name_beside(struct beside *b, const char *config)
{
	if (snprintf(b->new, PATH_BYTES, "%s.new", config) < PATH_BYTES &&
	    snprintf(b->old, PATH_BYTES, "%s.old", config) < PATH_BYTES &&
	    snprintf(b->link, PATH_BYTES, "%s.link", config) < PATH_BYTES)
		return CLI_OK;
	return cli_fail(CLI_USAGE, NULL, "%s: the path is too long", config);
}

/* The new one becomes the configuration, and stays what it is called; the old
 * one is kept. */
static int
put_new(const char *config, const struct beside *b)
{
	unlink(b->old);
	unlink(b->link);
	if ((link(config, b->old) == 0 || errno == ENOENT) &&
	    link(b->new, b->link) == 0 && rename(b->link, config) == 0)
		return CLI_OK;
	return cli_fail(CLI_FAILED, NULL, "%s: %s", config, strerror(errno));
}

/* What was there before; nothing, if need be. */
static void
put_back(const char *config, const struct beside *b, bool was_new)
{
	if (rename(b->old, config) != 0 && errno == ENOENT && was_new)
		unlink(config);
}

/* ---- processes ---- */

/* The number in the file, when the process is an nginx master; else 0. */
static pid_t
read_master(const char *path)
{
	char text[32] = "", file[64], title[64] = "";
	FILE *from;
	long pid;

	from = fopen(path, "re");
	if (from == NULL)
		return 0;
	if (fgets(text, sizeof(text), from) == NULL)
		text[0] = '\0';
	fclose(from);
	pid = strtol(text, NULL, 10);
	if (pid <= 1 || pid > INT32_MAX)
		return 0;
	snprintf(file, sizeof(file), "/proc/%ld/cmdline", pid);
	from = fopen(file, "re");
	if (from == NULL)
		return 0;
	if (fgets(title, sizeof(title), from) == NULL)
		title[0] = '\0';
	fclose(from);
	return strncmp(title, "nginx: master process", 21) == 0 ? (pid_t)pid
	                                                        : 0;
}

static pid_t
parent_of(long pid)
{
	char file[64], text[512];
	const char *at;
	FILE *from;
	size_t n;

	snprintf(file, sizeof(file), "/proc/%ld/stat", pid);
	from = fopen(file, "re");
	if (from == NULL)
		return 0;
	n = fread(text, 1, sizeof(text) - 1, from);
	fclose(from);
	text[n] = '\0';
	at = strrchr(text, ')');
	/* ") STATE PARENT ": proc(5) */
	return at != NULL && strlen(at) > 4 ? (pid_t)strtol(at + 4, NULL, 10)
	                                    : 0;
}

/* One that leaves says "is shutting down" behind that. */
static bool
is_worker(long pid)
{
	static const char title[] = "nginx: worker process";
	char file[64], text[128] = "";
	FILE *from;
	size_t n;

	snprintf(file, sizeof(file), "/proc/%ld/cmdline", pid);
	from = fopen(file, "re");
	if (from == NULL)
		return false;
	n = fread(text, 1, sizeof(text) - 1, from);
	fclose(from);
	text[n] = '\0';
	n = strlen(text);
	while (n > 0 && text[n - 1] == ' ')
		text[--n] = '\0';
	return strcmp(text, title) == 0;
}

static void
find_workers(pid_t master, struct workers *workers)
{
	struct dirent *entry;
	long pid;
	DIR *dir;

	workers->n = 0;
	dir = opendir("/proc");
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		pid = strtol(entry->d_name, NULL, 10);
		if (pid > 1 && workers->n < WORKERS_MAX && is_worker(pid) &&
		    parent_of(pid) == master)
			workers->list[workers->n++] = (pid_t)pid;
	}
	if (dir != NULL)
		closedir(dir);
}

static bool
one_accepts(const struct workers *workers)
{
	for (int i = 0; i < workers->n; i++)
		if (is_worker(workers->list[i]))
			return true;
	return false;
}

/* Until the old workers are done with accepting, some requests still get the
 * old routes. */
static int
wait_replaced(const struct workers *old)
{
	int64_t end = stamp_monotonic_ms() + NGINX_RELOAD_MS;

	while (one_accepts(old)) {
		if (stamp_monotonic_ms() > end)
			return cli_fail(CLI_FAILED,
			    "its error log says why; it goes on with the old",
			    "nginx does not take its configuration");
		usleep(LOOK_MS * 1000);
	}
	return CLI_OK;
}

static int
let_take(const struct nginx_files *files)
{
	pid_t master = read_master(files->pid);
	struct workers old;

	if (master == 0)
		return CLI_OK;
	find_workers(master, &old);
	if (kill(master, SIGHUP) == 0)
		return wait_replaced(&old);
	if (errno == ESRCH)
		return CLI_OK;
	return cli_fail(CLI_FAILED, "run this as nginx's user",
	    "nginx, process %d: %s", (int)master, strerror(errno));
}

/* ---- the test ---- */

/* What nginx -t says of other things: that who runs it may not write its usual
 * log, and that the test has failed. */
static bool
is_noise(const char *line, size_t len)
{
	static const char *const noise[] = {
	    "could not open error log file", " test failed"};
	char text[NGINX_SAID_MAX];

	snprintf(text, sizeof(text), "%.*s", (int)len, line);
	for (size_t i = 0; i < LENGTH(noise); i++)
		if (strstr(text, noise[i]) != NULL)
			return true;
	return len == 0;
}

static void
add_said(struct buf *to, const char *said)
{
	size_t len;

	for (; *said != '\0'; said += len + (said[len] == '\n')) {
		len = strcspn(said, "\n");
		if (!is_noise(said, len))
			buf_format(to, "\n  %.*s", (int)len, said);
	}
}

static int
test_config(const struct nginx_files *files, const char *path)
{
	const char *argv[] = {files->program, "-t", "-q", "-c", path, NULL};
	struct buf text = buf_new(2 * NGINX_SAID_MAX);
	char said[NGINX_SAID_MAX];
	int status;

	if (!program_run(
	        argv, NULL, NGINX_TEST_MS, said, sizeof(said), &status))
		return cli_fail(CLI_FAILED, NULL, "%s cannot be run: %s",
		    files->program, said);
	if (status == 0)
		return CLI_OK;
	buf_format(&text, "nginx refuses %s:", path);
	add_said(&text, said);
	cli_fail(CLI_FAILED, "nginx goes on with the configuration that it has",
	    "%s", text.data != NULL ? text.data : "memory is out");
	buf_free(&text);
	return CLI_FAILED;
}

static int
write_and_test(const struct nginx_files *files, const struct beside *b,
    const struct buf *text)
{
	int code = write_new(b->new, text);

	return code == CLI_OK ? test_config(files, b->new) : code;
}

/* ---- all of it ---- */

int
nginx_reload_test(const struct nginx_files *files, const struct buf *text)
{
	struct beside b;
	int code;

	code = name_beside(&b, files->config);
	if (code != CLI_OK || has_text(files->config, text))
		return code;
	return write_and_test(files, &b, text);
}

int
nginx_reload(
    const struct nginx_files *files, const struct buf *text, bool *changed)
{
	bool same = has_text(files->config, text);
	struct beside b;
	int code;

	*changed = false;
	code = name_beside(&b, files->config);
	if (code != CLI_OK || (same && !are_one(files->config, b.new)))
		return code;
	if (!same) {
		code = write_and_test(files, &b, text);
		if (code == CLI_OK)
			code = put_new(files->config, &b);
		if (code != CLI_OK)
			return code;
	}
	*changed = true;
	code = let_take(files);
	if (code == CLI_OK) {
		unlink(b.new);
		unlink(b.old);
		return CLI_OK;
	}
	put_back(files->config, &b, !same);
	if (let_take(files) != CLI_OK)
		cli_fail(CLI_FAILED, "look at its error log",
		    "nor does it take the old one again");
	return code;
}
