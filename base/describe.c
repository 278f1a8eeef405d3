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

/* One that runs.  It is over when its output has ended and it has exited. */
struct child {
	struct describe_job *job; /* NULL: the place is free */
	struct describe_problem why;
	pid_t pid;
	int out;   /* what it prints; -1 from its end on */
	int pidfd; /* readable when it has exited; -1 where there are none */
	int64_t deadline;
	bool failed; /* the problem is named already */
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

/* Something is wrong with it: it is killed, and why has been said. */
static void
give_up_child(struct child *c)
{
	c->failed = true;
	if (c->out >= 0)
		close(c->out);
	c->out = -1;
}

/*
 * Reap one whose output has ended.  One that is not through by itself is
 * killed, with its process group.  The group is named while the child is not
 * reaped, so the number is ours.
 */
static void
reap_child(struct child *c, bool exited)
{
	struct describe_job *job = c->job;
	int status;
	pid_t got;

	if (!exited)
		kill(c->pid, SIGKILL);
	kill(-c->pid, SIGKILL);
	do
		got = waitpid(c->pid, &status, 0);
	while (got < 0 && errno == EINTR);
	if (c->pidfd >= 0)
		close(c->pidfd);
	c->job = NULL;
	if (c->failed)
		return;
	if (!exited)
		describe_bad(
		    &c->why, "--describe took over %d ms", DESCRIBE_MAX_MS);
	else if (got == c->pid && WIFSIGNALED(status))
		describe_bad(
		    &c->why, "--describe died of signal %d", WTERMSIG(status));
	else if (got == c->pid && WEXITSTATUS(status) == EXIT_OK)
		job->end = DESCRIBE_OK;
	else if (got == c->pid && WEXITSTATUS(status) == EXIT_USAGE)
		job->end = DESCRIBE_REFUSED;
	else
		describe_bad(&c->why, "--describe exited with %d",
		    got == c->pid ? WEXITSTATUS(status) : -1);
}

/* A piece of what it prints. */
static void
receive_answer(struct child *c)
{
	struct buf *answer = &c->job->answer;
	char chunk[CHUNK_BYTES];
	ssize_t n;

	n = read(c->out, chunk, sizeof(chunk));
	if (n < 0 && errno == EINTR)
		return;
	if (n > 0)
		buf_add(answer, chunk, (size_t)n);
	if (n < 0)
		describe_bad(
		    &c->why, "cannot read --describe: %s", strerror(errno));
	else if (answer->no_memory)
		describe_bad(&c->why, "memory is out");
	else if (answer->failed)
		describe_bad(&c->why, "--describe printed over %d KiB",
		    DESCRIBE_MAX_BYTES / 1024);
	if (n < 0 || answer->failed) {
		give_up_child(c);
	} else if (n == 0) {
		close(c->out);
		c->out = -1;
	}
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

/* False with its problem named. */
static bool
begin_describe(struct child *c, struct describe_job *job)
{
	int ends[2], err;

	*c = (struct child){
	    .job = job,
	    .why = {job->problem, sizeof(job->problem)},
	    .out = -1,
	    .pidfd = -1,
	    .deadline = stamp_monotonic_ms() + DESCRIBE_MAX_MS,
	};
	job->answer = buf_new(DESCRIBE_MAX_BYTES);
	job->end = DESCRIBE_FAILED;
	job->problem[0] = '\0';
	if (pipe2(ends, O_CLOEXEC) < 0) {
		c->job = NULL;
		return describe_bad(&c->why, "no pipe: %s", strerror(errno));
	}
	err = spawn_describe(job->program, ends[1], &c->pid);
	close(ends[1]);
	if (err != 0) {
		close(ends[0]);
		c->job = NULL;
		return describe_bad(
		    &c->why, "cannot be run: %s", strerror(err));
	}
	c->out = ends[0];
	c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
	return true;
}

/* Look after one, of which something was heard or not. */
static void
tend(struct child *c, bool heard)
{
	bool late = stamp_monotonic_ms() >= c->deadline;

	if (c->out >= 0 && heard)
		receive_answer(c);
	else if (c->out < 0 && heard)
		reap_child(c, true);
	if (c->job == NULL || (c->out >= 0 && !late))
		return;
	if (c->out >= 0) {
		describe_bad(
		    &c->why, "--describe took over %d ms", DESCRIBE_MAX_MS);
		give_up_child(c);
	}
	if (late || c->failed || c->pidfd < 0)
		reap_child(c, false);
}

/* Wait until something is heard of one of them, or one is late. */
static void
wait_for_children(struct child *children, int n)
{
	struct pollfd p[DESCRIBE_AT_ONCE_MAX];
	int64_t left = DESCRIBE_MAX_MS, mine;
	int got;

	for (int i = 0; i < n; i++) {
		struct child *c = &children[i];

		p[i] = (struct pollfd){.fd = -1, .events = POLLIN};
		if (c->job == NULL)
			continue;
		p[i].fd = c->out >= 0 ? c->out : c->pidfd;
		mine = c->deadline - stamp_monotonic_ms();
		if (mine < left)
			left = mine > 0 ? mine : 0;
	}
	got = poll(p, (nfds_t)n, (int)left);
	for (int i = 0; i < n; i++)
		if (children[i].job != NULL)
			tend(&children[i], got > 0 && p[i].revents != 0);
}

/* As many as there are cores. */
static int
places(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (cores < 1)
		return 1;
	return cores < DESCRIBE_AT_ONCE_MAX ? (int)cores : DESCRIBE_AT_ONCE_MAX;
}

void
describe_run(struct describe_job *jobs, int n)
{
	struct child children[DESCRIBE_AT_ONCE_MAX] = {{.job = NULL}};
	int max = places(), running, next = 0;

	do {
		running = 0;
		for (int i = 0; i < max; i++) {
			while (children[i].job == NULL && next < n)
				if (begin_describe(&children[i], &jobs[next++]))
					break;
			running += children[i].job != NULL ? 1 : 0;
		}
		if (running > 0)
			wait_for_children(children, max);
	} while (running > 0 || next < n);
}
