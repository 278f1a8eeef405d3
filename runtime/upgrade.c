/* SPDX-License-Identifier: MIT */
/* upgrade -- see upgrade.h. */
#include "upgrade.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "budget.h"
#include "fdstore.h"
#include "log.h"
#include "loop.h"
#include "orphans.h"
#include "stamp.h"

enum {
	DESCRIPTORS_ASKING = 2, /* the child, and what it says */
};

/*
 *	NOTHING -- begin --> ASKING -- it says yes --> AGREED -- exec
 *	   ^------------ it says no, or nothing ---------'
 */
static enum { NOTHING, ASKING, AGREED } state;

static char remembered[UPGRADE_PATH_MAX];
static char asked[UPGRADE_PATH_MAX];
static pid_t asked_pid;
static void (*tell)(const char *problem);
static int64_t due_ns = INT64_MAX; /* of ASKING or AGREED */
static char said[UPGRADE_SAID_MAX];
static size_t said_len;

static void on_said(void *owner, uint32_t events);
static void on_asked_exit(void *owner, uint32_t events);
static struct watch said_watch = {.fd = -1, .on_event = on_said};
static struct watch asked_watch = {.fd = -1, .on_event = on_asked_exit};

void
upgrade_remember(const char *argv0)
{
	char folder[UPGRADE_PATH_MAX] = "";
	ssize_t n;
	int len = 0;

	if (argv0[0] == '/') {
		len = snprintf(remembered, sizeof(remembered), "%s", argv0);
	} else if (strchr(argv0, '/') != NULL &&
	           getcwd(folder, sizeof(folder)) != NULL) {
		len = snprintf(
		    remembered, sizeof(remembered), "%s/%s", folder, argv0);
	} else { /* found by PATH: it is still what it was */
		n = readlink(
		    "/proc/self/exe", remembered, sizeof(remembered) - 1);
		remembered[n > 0 ? n : 0] = '\0';
	}
	if (len < 0 || (size_t)len >= sizeof(remembered))
		remembered[0] = '\0';
}

static void
close_asked(void)
{
	orphans_forget(asked_pid);
	if (asked_watch.fd < 0)
		return;
	loop_close(&asked_watch);
	loop_close(&said_watch);
	budget_give(DESCRIPTORS_ASKING);
}

/* Its end comes as an event. */
static void
kill_asked(void)
{
	if (asked_watch.fd >= 0)
		syscall(
		    SYS_pidfd_send_signal, asked_watch.fd, SIGKILL, NULL, 0);
}

static void
give_up(const char *problem)
{
	state = NOTHING;
	due_ns = INT64_MAX;
	kill_asked();
	log_error("%s does not take over: %s", asked, problem);
	tell(problem);
}

static void
on_said(void *owner, uint32_t events)
{
	char rest[256];
	ssize_t n;

	(void)owner;
	(void)events;
	if (said_len < sizeof(said) - 1) {
		n = read(said_watch.fd, said + said_len,
		    sizeof(said) - 1 - said_len);
		said_len += n > 0 ? (size_t)n : 0;
	} else {
		n = read(said_watch.fd, rest, sizeof(rest));
	}
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		loop_remove(&said_watch); /* its exit is what counts */
}

static void
judge(const siginfo_t *info)
{
	char problem[UPGRADE_SAID_MAX + 64];

	said[said_len] = '\0';
	said[strcspn(said, "\r\n")] = '\0';
	if (info->si_code == CLD_EXITED && info->si_status == 0 &&
	    strncmp(said, UPGRADE_YES, sizeof(UPGRADE_YES) - 1) == 0) {
		log_info("%s %s", asked, said);
		state = AGREED;
		return;
	}
	if (info->si_code != CLD_EXITED)
		snprintf(problem, sizeof(problem), "it died of signal %d",
		    info->si_status);
	else if (*said != '\0' && info->si_status != 0)
		snprintf(problem, sizeof(problem), "%s", said);
	else if (info->si_status == 0)
		snprintf(problem, sizeof(problem), "it is no mayflyd");
	else
		snprintf(problem, sizeof(problem),
		    "it exited with %d; the log says why", info->si_status);
	give_up(problem);
}

static void
on_asked_exit(void *owner, uint32_t events)
{
	siginfo_t info = {.si_pid = 0};

	(void)owner;
	(void)events;
	if (waitid(P_PIDFD, (id_t)asked_watch.fd, &info, WEXITED | WNOHANG) !=
	    0)
		info.si_code = CLD_DUMPED; /* somebody else has reaped it */
	else if (info.si_pid == 0)
		return;
	/* What it said has come, whether a child of its own goes on or not. */
	while (said_watch.added && said_len < sizeof(said) - 1) {
		size_t before = said_len;

		on_said(NULL, 0);
		if (said_len == before)
			break;
	}
	close_asked();
	if (state == ASKING)
		judge(&info);
}

/* -n --takeover VERSION, with its standard output in a pipe. */
static int
spawn_asked(int out)
{
	static char check[] = "-n", option[] = "--takeover";
	static char version[] = UPGRADE_VERSION;
	char *argv[] = {asked, check, option, version, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t set;
	pid_t pid;
	int error;

	if (posix_spawn_file_actions_init(&files) != 0)
		return -1;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&files);
		return -1;
	}
	posix_spawn_file_actions_addopen(
	    &files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	sigemptyset(&set);
	posix_spawnattr_setsigmask(&attributes, &set);
	sigaddset(&set, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &set);
	posix_spawnattr_setflags(
	    &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	error = posix_spawn(&pid, asked, &files, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	errno = error;
	return error == 0 ? pid : -1;
}

static bool
watch_asked(pid_t pid, int said_fd)
{
	asked_pid = pid;
	orphans_except(pid);
	asked_watch.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (asked_watch.fd < 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		budget_give(DESCRIPTORS_ASKING);
		return false;
	}
	said_watch.fd = said_fd;
	if (loop_add(&asked_watch, EPOLLIN) && loop_add(&said_watch, EPOLLIN))
		return true;
	kill_asked();
	waitpid(pid, NULL, 0);
	said_watch.fd = -1; /* the caller's */
	close_asked();
	return false;
}

static bool
ask_program(void)
{
	int ends[2], saved;
	pid_t pid;

	if (!budget_take(DESCRIPTORS_ASKING, 0))
		return false;
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
		budget_give(DESCRIPTORS_ASKING);
		return false;
	}
	pid = spawn_asked(ends[1]);
	saved = errno;
	close(ends[1]);
	if (pid > 0 && watch_asked(pid, ends[0]))
		return true;
	close(ends[0]);
	if (pid <= 0) /* else watch_asked() has */
		budget_give(DESCRIPTORS_ASKING);
	errno = saved;
	return false;
}

const char *
upgrade_begin(const char *program, void (*done)(const char *problem))
{
	static char problem[UPGRADE_PATH_MAX + 64];

	if (state != NOTHING || asked_watch.fd >= 0)
		return "an upgrade is under way";
	if (program == NULL)
		program = remembered;
	if (program[0] != '/' || strlen(program) >= sizeof(asked))
		return "the program has no absolute path, or a long one";
	snprintf(asked, sizeof(asked), "%s", program);
	said_len = 0;
	if (!ask_program()) {
		snprintf(problem, sizeof(problem), "%s cannot be executed: %s",
		    asked, strerror(errno));
		return problem;
	}
	state = ASKING;
	tell = done;
	due_ns = stamp_monotonic_ns() + UPGRADE_CHECK_MS * 1000000LL;
	return NULL;
}

bool
upgrade_agreed(void)
{
	return state == AGREED;
}

const char *
upgrade_program(void)
{
	if (state != AGREED || !fdstore_sent())
		return NULL;
	state = NOTHING;
	due_ns = INT64_MAX;
	tell(NULL);
	return asked;
}

void
upgrade_stop(void)
{
	kill_asked();
	state = NOTHING;
	due_ns = INT64_MAX;
}

int64_t
upgrade_tick(int64_t now_ns)
{
	if (due_ns <= now_ns)
		give_up(state == ASKING
		            ? "it did not answer in time"
		            : "who keeps the sockets does not read");
	return due_ns;
}
