/* SPDX-License-Identifier: MIT */
/*
 * test-orphans -- which children are killed: those that came to us from others,
 * with what they leave themselves; not those that are named, nor those that
 * were there before.
 */
#include "orphans.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stamp.h"
#include "tap.h"

enum {
	DEPTH = 20,     /* generations, each in a session of its own */
	GONE_MS = 5000, /* by then there is none */
	MOMENT_NS = 1000000,
};

static const struct timespec moment = {0, MOMENT_NS};

static NORETURN void
wait_for_ever(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	for (;;)
		pause();
}

static pid_t
start_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		wait_for_ever();
	return pid;
}

/* A child with a line of descendants behind it; it ends, they do not. */
static void
leave_line(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		for (int i = 0; i < DEPTH; i++) {
			if (fork() != 0)
				break;
			setsid();
		}
		if (getsid(0) == getpid())
			wait_for_ever();
		_exit(0);
	}
	orphans_except(pid);
	waitpid(pid, NULL, 0);
	orphans_forget(pid);
}

static bool
is_there(pid_t pid)
{
	return waitpid(pid, NULL, WNOHANG) == 0;
}

int
main(void)
{
	int64_t end = stamp_monotonic_ms() + GONE_MS;
	pid_t before, named, stranger;

	before = start_child();
	orphans_open();
	named = start_child();
	orphans_except(named);
	tap_ok(orphans_tick(stamp_monotonic_ns()) == INT64_MAX,
	    "nothing has ended: no look");
	stranger = start_child();
	leave_line();
	orphans_look();
	while (orphans_tick(stamp_monotonic_ns()) != INT64_MAX &&
	       stamp_monotonic_ms() < end)
		nanosleep(&moment, NULL);
	tap_ok(stamp_monotonic_ms() < end, "there comes an end");
	tap_ok(waitpid(stranger, NULL, WNOHANG) < 0 && errno == ECHILD,
	    "a child that nobody has named is gone, and waited for");
	tap_ok(is_there(named), "a named one is there");
	tap_ok(is_there(before), "so is one from before");
	kill(before, SIGKILL);
	kill(named, SIGKILL);
	waitpid(before, NULL, 0);
	waitpid(named, NULL, 0);
	tap_ok(waitpid(-1, NULL, 0) < 0 && errno == ECHILD,
	    "and there is no other");
	return tap_done();
}
