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
is_unchanged(const char *path, const struct buf *text)
{
	struct buf there = buf_new(NGINX_CONFIG_MAX_BYTES);
	char chunk[16384];
	bool same;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_add(&there, chunk, (size_t)n);
	close(fd);
	same = n == 0 && !there.failed && there.len == text->len &&
	       memcmp(there.data, text->data, text->len) == 0;
	buf_free(&there);
	return same;
}

static int
write_file(const char *path, const struct buf *text)
{
	const char *from = text->data;
	size_t left = text->len;
	ssize_t n = 0;
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
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
	return cli_fail(
	    CLI_FAILED, "is the disk full?", "%s: %s", path, strerror(errno));
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
signal_master(pid_t master)
{
	int64_t end = stamp_monotonic_ms() + NGINX_RELOAD_MS;
	struct workers old;

	find_workers(master, &old);
	if (kill(master, SIGHUP) != 0)
		return cli_fail(CLI_FAILED, "run this as nginx's user",
		    "nginx, process %d: %s", (int)master, strerror(errno));
	while (one_accepts(&old)) {
		if (stamp_monotonic_ms() > end)
			return cli_fail(CLI_FAILED,
			    "its error log says why; it goes on with the old",
			    "nginx does not take its configuration");
		usleep(LOOK_MS * 1000);
	}
	return CLI_OK;
}

/* ---- all of it ---- */

static int
test_config(const struct nginx_files *files, const char *path)
{
	char said[NGINX_SAID_MAX];
	const char *argv[] = {files->program, "-t", "-q", "-c", path, NULL};
	int status;

	if (!program_run(
	        argv, NULL, NGINX_TEST_MS, said, sizeof(said), &status))
		return cli_fail(CLI_FAILED, NULL, "%s cannot be run: %s",
		    files->program, said);
	if (status == 0)
		return CLI_OK;
	return cli_fail(CLI_FAILED,
	    "nginx goes on with the configuration that it has",
	    "nginx refuses %s:\n%s", path, said);
}

int
nginx_reload(
    const struct nginx_files *files, const struct buf *text, bool *changed)
{
	char path[PATH_BYTES];
	pid_t master;
	int code, len;

	*changed = !is_unchanged(files->config, text);
	if (!*changed)
		return CLI_OK;
	len = snprintf(path, sizeof(path), "%s.new", files->config);
	if (len < 0 || (size_t)len >= sizeof(path))
		return cli_fail(
		    CLI_USAGE, NULL, "%s: the path is too long", files->config);
	code = write_file(path, text);
	if (code == CLI_OK)
		code = test_config(files, path);
	if (code != CLI_OK)
		return code;
	if (rename(path, files->config) != 0)
		return cli_fail(
		    CLI_FAILED, NULL, "%s: %s", files->config, strerror(errno));
	master = read_master(files->pid);
	return master != 0 ? signal_master(master) : CLI_OK;
}
