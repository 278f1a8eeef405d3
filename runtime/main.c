/* SPDX-License-Identifier: MIT */
/*
 * mayflyd -- owns one listening socket per function and starts instances of it
 * on demand; asks the idle to leave and kills the overdue.
 *
 *	mayflyd [-nv]		runs in the foreground, logs to standard error
 *	  -n	read the settings and the functions, say what is wrong, exit
 *	  -v	log what happens, not only what goes wrong
 *
 * Settings come from the environment or MAYFLY_ENV_FILE: see common/setting.h.
 * SIGTERM or SIGINT: serve what is queued, then leave.  SIGHUP: read the
 * function folders again.  Status and reload: runtime/control.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "budget.h"
#include "control.h"
#include "descriptor.h"
#include "instance.h"
#include "log.h"
#include "loop.h"
#include "orphans.h"
#include "refuse.h"
#include "registry.h"
#include "setting.h"
#include "stamp.h"

enum {
	DRAIN_MS = 10000, /* after SIGTERM, for what still runs */
	KILLED_MS = 1000, /* then, for what was killed to be gone */
	/* board.h gives numbers up to 6 to instances; ours start above, so
	 * that dup2(2) in a new instance never hits one of ours. */
	FIRST_DESCRIPTOR = 10,
};

static bool stopping;
static struct watch signals = {.fd = -1};

static NORETURN void
usage(int code)
{
	fprintf(code == EXIT_OK ? stdout : stderr,
	    "usage: mayflyd [-nv]\n\n"
	    "  -n  check the settings and the functions, then exit\n"
	    "  -v  log what happens, not only what goes wrong\n"
	    "  -h  this help\n\n"
	    "Settings: MAYFLY_RUN_DIR, MAYFLY_FUNCTIONS, ... from the\n"
	    "environment or the file MAYFLY_ENV_FILE; see doc/limits.md.\n");
	exit(code);
}

static NORETURN void
end_start(enum exit_code code, const char *what)
{
	log_error("%s", what);
	exit((int)code);
}

static void
complain_check(const char *program, const char *problem)
{
	log_error("%s: %s", program, problem);
	stopping = true;
}

/* -n: 0 when every file of every folder is a function. */
static NORETURN void
check_only(void)
{
	struct descriptor **list;
	int n;

	n = descriptor_list(
	    setting_text(SETTING_FUNCTIONS), &list, complain_check);
	if (n < 0)
		end_start(EXIT_USAGE, "a function folder cannot be read");
	for (int i = 0; i < n; i++)
		printf("%-24s %-7s %s\n", list[i]->name,
		    http_methods[list[i]->method], list[i]->path);
	descriptor_list_free(list, n);
	exit(stopping ? EXIT_USAGE : EXIT_OK);
}

static void
read_settings(bool verbose)
{
	char problem[512];

	log_open("mayflyd", verbose ? LOG_DEBUG : LOG_INFO);
	if (!setting_load(problem, sizeof(problem)))
		end_start(EXIT_USAGE, problem);
	if (setting_text(SETTING_FUNCTIONS) == NULL)
		end_start(EXIT_USAGE,
		    "MAYFLY_FUNCTIONS is not set: name the folder(s) of the "
		    "functions, separated by ':'");
}

/* Keep the low numbers free, and take as many descriptors as are allowed. */
static void
prepare_descriptors(void)
{
	struct rlimit limit;
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (fd < 0)
			end_start(EXIT_SYSTEM, "/dev/null cannot be opened");
	} while (fd < FIRST_DESCRIPTOR);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* One mayflyd per RUN_DIR: the lock is held until the process ends. */
static void
prepare_run_dir(const char *run_dir)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/fn", run_dir);
	if ((mkdir(run_dir, 0750) != 0 && errno != EEXIST) ||
	    (mkdir(path, 0750) != 0 && errno != EEXIST))
		end_start(EXIT_SYSTEM, "MAYFLY_RUN_DIR cannot be made");
	snprintf(path, sizeof(path), "%s/mayflyd.lock", run_dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		end_start(EXIT_SYSTEM, "MAYFLY_RUN_DIR cannot be written");
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		end_start(
		    EXIT_SYSTEM, "another mayflyd runs in MAYFLY_RUN_DIR");
}

static void
reload_functions(void)
{
	struct registry_change change;

	if (!registry_load(setting_text(SETTING_FUNCTIONS),
	        setting_text(SETTING_RUN_DIR), &change)) {
		log_error("a function folder cannot be read");
		return;
	}
	log_info("functions: %d new, %d changed, %d gone, %d as before, %d"
	         " left out",
	    change.added, change.replaced, change.removed, change.unchanged,
	    change.failed);
}

static void
on_signal(void *owner, uint32_t events)
{
	struct signalfd_siginfo info;

	(void)owner;
	(void)events;
	if (read(signals.fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP)
		reload_functions();
	else
		stopping = true;
}

static void
prepare_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signals = (struct watch){
	    .fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK),
	    .on_event = on_signal,
	};
	if (signals.fd < 0 || !loop_add(&signals, EPOLLIN))
		end_start(EXIT_SYSTEM, "signals cannot be watched");
}

static void
open_all(void)
{
	const char *run_dir = setting_text(SETTING_RUN_DIR);
	struct registry_change change;

	prepare_descriptors();
	prepare_run_dir(run_dir);
	if (!loop_open())
		end_start(EXIT_SYSTEM, "epoll is not available");
	prepare_signals();
	if (!instance_open())
		end_start(EXIT_SYSTEM, "the rate limits have no memory");
	orphans_open();
	budget_open();
	if (!registry_load(setting_text(SETTING_FUNCTIONS), run_dir, &change))
		end_start(EXIT_USAGE, "a function folder cannot be read");
	if (change.failed > 0)
		end_start(EXIT_SYSTEM, "not every function can have a socket");
	if (change.added == 0)
		end_start(
		    EXIT_USAGE, "there is no function in MAYFLY_FUNCTIONS");
	if (!control_open(run_dir))
		end_start(EXIT_SYSTEM, "the control socket cannot be opened");
	log_info("serving %d functions", change.added);
}

static void
step(int64_t until_ns)
{
	int64_t now = stamp_monotonic_ns(), due;

	due = registry_tick(now);
	if (due < until_ns)
		until_ns = due;
	due = refuse_expire(now);
	if (due < until_ns)
		until_ns = due;
	due = control_expire(now);
	if (due < until_ns)
		until_ns = due;
	due = orphans_tick(now);
	if (due < until_ns)
		until_ns = due;
	loop_wait(until_ns);
}

static void
drain_all(void)
{
	int64_t end = stamp_monotonic_ns() + DRAIN_MS * 1000000LL;

	control_close();
	registry_stop();
	for (;;) {
		registry_tick(stamp_monotonic_ns());
		if (registry_empty() || stamp_monotonic_ns() >= end)
			break;
		step(end);
	}
	if (!registry_empty())
		log_warn("some instances did not end in time");
	registry_free();
	end = stamp_monotonic_ns() + KILLED_MS * 1000000LL;
	while (orphans_tick(stamp_monotonic_ns()) != INT64_MAX &&
	       stamp_monotonic_ns() < end)
		step(end);
	log_info("stopped");
}

int
main(int argc, char *argv[])
{
	bool check = false, verbose = false;
	int option;

	while ((option = getopt(argc, argv, "hnv")) != -1) {
		switch (option) {
		case 'h':
			usage(EXIT_OK);
		case 'n':
			check = true;
			break;
		case 'v':
			verbose = true;
			break;
		default:
			usage(EXIT_USAGE);
		}
	}
	if (optind != argc)
		usage(EXIT_USAGE);
	read_settings(verbose);
	if (check)
		check_only();
	open_all();
	while (!stopping)
		step(INT64_MAX);
	drain_all();
	return EXIT_OK;
}
