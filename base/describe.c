/* SPDX-License-Identifier: MIT */
/* describe -- see describe.h. */
#include "describe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stamp.h"

enum {
	CHUNK_BYTES = 8192,
};

bool
describe_bad(const struct describe_problem *problem, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(problem->text, problem->size, fmt, ap);
	va_end(ap);
	return false;
}

/* Wait until fd is readable; false at the deadline. */
static bool
wait_readable(int fd, int64_t deadline)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int64_t left;
	int n;

	do {
		left = deadline - stamp_monotonic_ms();
		if (left <= 0)
			return false;
		n = poll(&p, 1, (int)left);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

static bool
read_answer(int fd, int64_t deadline, struct buf *answer,
    const struct describe_problem *problem)
{
	char chunk[CHUNK_BYTES];
	ssize_t n;

	for (;;) {
		if (!wait_readable(fd, deadline))
			return describe_bad(problem,
			    "--describe took over %d ms", DESCRIBE_MAX_MS);
		n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return describe_bad(problem,
			    "cannot read --describe: %s", strerror(errno));
		if (n == 0)
			return true;
		buf_add(answer, chunk, (size_t)n);
		if (answer->no_memory)
			return describe_bad(problem, "memory is out");
		if (answer->failed)
			return describe_bad(problem,
			    "--describe printed over %d KiB",
			    DESCRIBE_MAX_BYTES / 1024);
	}
}

/*
 * Reap the child.  One that has closed its output but lives on gets until the
 * deadline; then, or when force is set, it and its process group are killed.
 * The group is named while the child is not reaped, so the number is ours.
 */
static enum describe_end
reap(pid_t pid, int64_t deadline, bool force,
    const struct describe_problem *problem)
{
	bool in_time = false;
	int status, fd;
	pid_t got;

	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd >= 0) {
		in_time = !force && wait_readable(fd, deadline);
		close(fd);
	}
	if (!in_time)
		kill(pid, SIGKILL);
	kill(-pid, SIGKILL);
	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	if (force)
		return DESCRIBE_FAILED; /* the problem is named already */
	if (!in_time)
		describe_bad(
		    problem, "--describe took over %d ms", DESCRIBE_MAX_MS);
	else if (got == pid && WIFSIGNALED(status))
		describe_bad(
		    problem, "--describe died of signal %d", WTERMSIG(status));
	else if (got == pid && WEXITSTATUS(status) == EXIT_OK)
		return DESCRIBE_OK;
	else if (got == pid && WEXITSTATUS(status) == EXIT_USAGE)
		return DESCRIBE_REFUSED;
	else
		describe_bad(problem, "--describe exited with %d",
		    got == pid ? WEXITSTATUS(status) : -1);
	return DESCRIBE_FAILED;
}

/*
 * No secret of ours reaches the child: standard streams are a pipe and
 * /dev/null, nothing else is open, the environment is empty, signals are as at
 * the start of a program, and it leads a process group of its own.
 */
static int
spawn_describe(const char *program, int out_fd, pid_t *pid)
{
	char *argv[] = {NULL, NULL, NULL}, *env[] = {NULL};
	char describe[] = "--describe";
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int err;

	err = posix_spawn_file_actions_init(&files);
	if (err != 0)
		return err;
	err = posix_spawnattr_init(&attr);
	if (err != 0) {
		posix_spawn_file_actions_destroy(&files);
		return err;
	}
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
	                                    POSIX_SPAWN_SETSIGDEF |
	                                    POSIX_SPAWN_SETPGROUP);
	err = posix_spawn_file_actions_addopen(
	    &files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(
		    &files, out_fd, STDOUT_FILENO);
	if (err == 0)
		err = posix_spawn_file_actions_addopen(
		    &files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (err == 0)
		err = posix_spawn_file_actions_addclosefrom_np(
		    &files, STDERR_FILENO + 1);
	argv[0] = strdup(program);
	argv[1] = describe;
	if (err == 0 && argv[0] == NULL)
		err = ENOMEM;
	if (err == 0)
		err = posix_spawn(pid, program, &files, &attr, argv, env);
	free(argv[0]);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return err;
}

enum describe_end
describe_run(const char *program, struct buf *answer,
    const struct describe_problem *problem)
{
	int64_t deadline = stamp_monotonic_ms() + DESCRIBE_MAX_MS;
	int ends[2], err;
	bool all;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0) {
		describe_bad(problem, "no pipe: %s", strerror(errno));
		return DESCRIBE_FAILED;
	}
	err = spawn_describe(program, ends[1], &pid);
	close(ends[1]);
	if (err != 0) {
		close(ends[0]);
		describe_bad(problem, "cannot be run: %s", strerror(err));
		return DESCRIBE_FAILED;
	}
	all = read_answer(ends[0], deadline, answer, problem);
	close(ends[0]);
	return reap(pid, deadline, !all, problem);
}
