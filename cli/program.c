/* SPDX-License-Identifier: MIT */
/* program -- see program.h. */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stamp.h"

/* It leads a process group of its own, and has no other descriptor. */
static int
spawn_program(
    const char *const *argv, char *const *environment, int out, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	union {
		const char *const *in;
		char *const *out;
	} words = {argv}; /* execve(2) takes, but does not change them */
	int error;

	error = posix_spawn_file_actions_init(&files);
	if (error != 0)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (error != 0) {
		posix_spawn_file_actions_destroy(&files);
		return error;
	}
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
	error = posix_spawn_file_actions_addopen(
	    &files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(
		    &files, out, STDOUT_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(
		    &files, out, STDERR_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_addclosefrom_np(
		    &files, STDERR_FILENO + 1);
	if (error == 0)
		error = posix_spawnp(pid, argv[0], &files, &attributes,
		    words.out, environment != NULL ? environment : environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return error;
}

/* Up to the end of what it writes; false at the deadline. */
static bool
read_said(int fd, int64_t end_ms, char *said, size_t size)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	char rest[4096];
	size_t len = 0;
	int64_t left;
	ssize_t n;

	for (;;) {
		said[len] = '\0';
		left = end_ms - stamp_monotonic_ms();
		if (left <= 0)
			return false;
		if (poll(&pfd, 1, (int)left) <= 0)
			continue;
		if (len + 1 < size)
			n = read(fd, said + len, size - 1 - len);
		else
			n = read(fd, rest, sizeof(rest));
		if (n == 0)
			return true;
		if (n > 0 && len + 1 < size)
			len += (size_t)n;
		if (n < 0 && errno != EINTR)
			return true;
	}
}

static bool
wait_end(pid_t pid, int64_t end_ms, int *status)
{
	struct pollfd pfd = {.events = POLLIN};
	int64_t left = end_ms - stamp_monotonic_ms();
	bool in_time;
	int how;

	pfd.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	in_time = pfd.fd >= 0 && left > 0 && poll(&pfd, 1, (int)left) > 0;
	if (pfd.fd >= 0)
		close(pfd.fd);
	if (!in_time)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
		;
	*status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
	return in_time;
}

bool
program_run(const char *const *argv, char *const *environment,
    int64_t deadline_ms, char *said, size_t size, int *status)
{
	int64_t end_ms = stamp_monotonic_ms() + deadline_ms;
	int ends[2], error;
	bool all;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0) {
		snprintf(said, size, "no pipe: %s", strerror(errno));
		return false;
	}
	error = spawn_program(argv, environment, ends[1], &pid);
	close(ends[1]);
	if (error != 0) {
		close(ends[0]);
		snprintf(said, size, "%s", strerror(error));
		return false;
	}
	all = read_said(ends[0], end_ms, said, size);
	close(ends[0]);
	if (wait_end(pid, all ? end_ms : 0, status) && all)
		return true;
	snprintf(said, size, "it took over %lld ms", (long long)deadline_ms);
	return false;
}
