/* SPDX-License-Identifier: MIT */
/*
 * mayflyd -- owns one listening socket per function and starts instances of it
 * on demand; asks the idle to leave and kills the overdue.
 *
 *	mayflyd [-nv] [--takeover VERSION]
 *		runs in the foreground, logs to standard error
 *	  -n	read the settings and the functions, say what is wrong, exit
 *	  -v	log what happens, not only what goes wrong
 *	  --takeover VERSION
 *		with -n: say whether this program can take over from one of
 *		that version; no functions then (upgrade.h)
 *
 * Settings come from the environment or MAYFLY_ENV_FILE: see base/setting.h.
 * What a mayflyd before this one had open is taken over: fdstore.h.
 * SIGTERM or SIGINT: serve what is queued, then leave.  SIGHUP: read the
 * settings again, and follow the store.  What else it can be asked for:
 * control.h.
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
#include "fdstore.h"
#include "http.h"
#include "instance.h"
#include "log.h"
#include "loop.h"
#include "metrics.h"
#include "orphans.h"
#include "refuse.h"
#include "registry.h"
#include "setting.h"
#include "stamp.h"
#include "store.h"
#include "upgrade.h"

enum {
	DRAIN_MS = 10000, /* after SIGTERM, for what still runs */
	KILLED_MS = 1000, /* then, for what was killed to be gone */
	/* board.h gives numbers up to 6 to instances; ours start above, so
	 * that dup2(2) in a new instance never hits one of ours. */
	FIRST_DESCRIPTOR = 10,
};

static bool stopping;
static int lock_fd = -1;
static const char *takeover; /* the version, or NULL */
static struct watch signals = {.fd = -1};

static NORETURN void
usage(int code)
{
	fprintf(code == EXIT_OK ? stdout : stderr,
	    "usage: mayflyd [-nv] [--takeover VERSION]\n\n"
	    "  -n  check the settings and the functions, then exit\n"
	    "  -v  log what happens, not only what goes wrong\n"
	    "  -h  this help\n"
	    "  --takeover VERSION  with -n: check the settings, and whether"
	    " this program\n"
	    "      can take over from a mayflyd of that version\n\n"
	    "Settings: MAYFLY_RUN_DIR, MAYFLY_FUNCTIONS, ... from the\n"
	    "environment or the file MAYFLY_ENV_FILE; see doc/limits.md.\n");
	exit(code);
}

static NORETURN void
end_start(enum exit_code code, const char *what)
{
	log_error("%s", what);
	if (takeover != NULL)
		puts(what); /* who asks reads that */
	exit((int)code);
}

/* -n: 0 when all that the store serves can be served. */
static NORETURN void
check_only(void)
{
	const char *store = setting_text(SETTING_STORE);
	struct store_generation g;
	struct descriptor *d;
	char problem[512];
	bool good = true;

	if (store_read(store, setting_text(SETTING_APP), 0, &g, problem,
	        sizeof(problem)) == STORE_BAD)
		end_start(EXIT_USAGE, problem);
	for (int i = 0; i < g.n; i++) {
		const struct store_function *f = &g.functions[i];

		d = store_descriptor(
		    store, f->release, f->name, problem, sizeof(problem));
		if (d == NULL) {
			log_error("%s: %s", f->name, problem);
			good = false;
			continue;
		}
		printf("%-24s %-7s %s\n", d->name, http_methods[d->method],
		    d->path);
		descriptor_free(d);
	}
	store_free(&g);
	exit(good ? EXIT_OK : EXIT_USAGE);
}

/* -n --takeover: what upgrade.c reads. */
static NORETURN void
check_takeover(void)
{
	char problem[160];

	if (strcmp(takeover, UPGRADE_VERSION) != 0) {
		snprintf(problem, sizeof(problem),
		    "mayflyd " PACKAGE_VERSION " knows version " UPGRADE_VERSION
		    " of what is handed over, not %.64s",
		    takeover);
		end_start(EXIT_USAGE, problem);
	}
	puts(UPGRADE_YES PACKAGE_VERSION);
	exit(EXIT_OK);
}

static void
read_settings(bool verbose)
{
	char problem[512];

	log_open("mayflyd", verbose ? LOG_DEBUG : LOG_INFO);
	if (!setting_load(problem, sizeof(problem)))
		end_start(EXIT_USAGE, problem);
}

bool
control_read_settings(bool *changed, char *problem, size_t size)
{
	static const enum setting fixed[] = {
	    SETTING_RUN_DIR, SETTING_STORE, SETTING_APP};

	return setting_load_again(fixed, LENGTH(fixed), changed, problem, size);
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

/* The lock that was handed on, if it is that of this path. */
static int
open_lock(const char *path)
{
	struct stat taken, there;
	int fd;

	fd = fdstore_take("lock");
	if (fd >= 0 && fstat(fd, &taken) == 0 && stat(path, &there) == 0 &&
	    taken.st_dev == there.st_dev && taken.st_ino == there.st_ino)
		return fd;
	if (fd >= 0)
		close(fd);
	return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

/* One mayflyd per RUN_DIR: the lock is held until the process ends. */
static void
prepare_run_dir(const char *run_dir)
{
	char path[256];

	if (mkdir(run_dir, 0750) != 0 && errno != EEXIST)
		end_start(EXIT_SYSTEM, "MAYFLY_RUN_DIR cannot be made");
	snprintf(path, sizeof(path), "%s/mayflyd.lock", run_dir);
	lock_fd = open_lock(path);
	if (lock_fd < 0)
		end_start(EXIT_SYSTEM, "MAYFLY_RUN_DIR cannot be written");
	if (flock(lock_fd, LOCK_EX | LOCK_NB) != 0)
		end_start(
		    EXIT_SYSTEM, "another mayflyd runs in MAYFLY_RUN_DIR");
}

static void
follow_store(void)
{
	struct registry_change change;
	struct registry_problem problem = {.function = ""};
	bool renew;

	if (!control_read_settings(
	        &renew, problem.text, sizeof(problem.text)) ||
	    !registry_follow(renew, &change, &problem))
		log_error("nothing has changed: %s", problem.text);
	else
		log_info("functions: %d new, %d changed, %d gone, %d as before",
		    change.added, change.replaced, change.removed,
		    change.unchanged);
}

static void
on_signal(void *owner, uint32_t events)
{
	struct signalfd_siginfo info;

	(void)owner;
	(void)events;
	if (read(signals.fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	if (info.ssi_signo != SIGHUP)
		stopping = true;
	else if (!stopping)
		follow_store();
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
	struct registry_problem problem;

	prepare_descriptors();
	prepare_run_dir(run_dir);
	if (!loop_open())
		end_start(EXIT_SYSTEM, "epoll is not available");
	prepare_signals();
	if (!instance_open())
		end_start(EXIT_SYSTEM, "the rate limits have no memory");
	orphans_open();
	budget_open();
	if (!registry_open(&change, &problem))
		end_start(EXIT_SYSTEM, problem.text);
	if (!control_open(run_dir))
		end_start(EXIT_SYSTEM, "the control socket cannot be opened");
	if (!metrics_open(run_dir))
		end_start(EXIT_SYSTEM, "metrics.sock cannot be opened");
	fdstore_close_rest();
	fdstore_ready();
	log_info("serving %d functions of generation %d, %d are left out",
	    change.added, registry_generation(), change.failed);
}

/* Each does what is due of its own, and says when it is due again. */
static int64_t (*const ticks[])(int64_t now_ns) = {
    registry_tick,
    refuse_expire,
    control_expire,
    metrics_expire,
    fdstore_tick,
    upgrade_tick,
    orphans_tick,
};

static void
step(int64_t until_ns)
{
	int64_t now = stamp_monotonic_ns(), due;

	for (size_t i = 0; i < LENGTH(ticks); i++) {
		due = ticks[i](now);
		if (due < until_ns)
			until_ns = due;
	}
	loop_wait(until_ns);
}

/* Execute the program in our place, when one was found fit.  Returns when it
 * cannot be: all goes on. */
static void
upgrade(char *argv[])
{
	struct fdstore_item *list;
	const char *program;
	char *before = argv[0];
	int n;

	if (!upgrade_agreed() || !control_pause())
		return;
	program = upgrade_program();
	if (program == NULL)
		return;
	list = calloc(FDSTORE_ITEMS_MAX, sizeof(*list));
	errno = ENOMEM;
	n = list != NULL ? registry_hand_on(list, FDSTORE_ITEMS_MAX - 3) : -1;
	if (n >= 0) {
		n += instance_hand_on(list + n, 1);
		n += control_hand_on(list + n, 1);
		list[n++] =
		    (struct fdstore_item){.fd = lock_fd, .name = "lock"};
		argv[0] = strdup(program);
	}
	if (n >= 0 && argv[0] != NULL && !fdstore_exec(program, argv, list, n))
		free(argv[0]);
	log_error("%s cannot be executed: %s", program, strerror(errno));
	argv[0] = before;
	free(list);
	control_resume();
}

static void
drain_all(void)
{
	int64_t end = stamp_monotonic_ns() + DRAIN_MS * 1000000LL;

	fdstore_stopping();
	upgrade_stop();
	control_close();
	metrics_close();
	registry_stop();
	for (;;) {
		registry_tick(stamp_monotonic_ns());
		if (registry_empty() || stamp_monotonic_ns() >= end)
			break;
		step(end);
	}
	if (!registry_empty())
		log_warn("some instances did not end in time");
	end = stamp_monotonic_ns() + KILLED_MS * 1000000LL;
	while (!fdstore_sent() && stamp_monotonic_ns() < end)
		step(end); /* the keeper is to keep nothing of these */
	registry_free();
	end = stamp_monotonic_ns() + KILLED_MS * 1000000LL;
	while (orphans_tick(stamp_monotonic_ns()) != INT64_MAX &&
	       stamp_monotonic_ns() < end)
		step(end);
	log_info("stopped");
}

static bool
read_options(int argc, char *argv[], bool *verbose)
{
	static const struct option options[] = {
	    {"takeover", required_argument, NULL, 't'},
	    {NULL, 0, NULL, 0},
	};
	bool check = false;
	int option;

	while ((option = getopt_long(argc, argv, "hnv", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			usage(EXIT_OK);
		case 'n':
			check = true;
			break;
		case 't':
			takeover = optarg;
			break;
		case 'v':
			*verbose = true;
			break;
		default:
			usage(EXIT_USAGE);
		}
	}
	if (optind != argc || (takeover != NULL && !check))
		usage(EXIT_USAGE);
	return check;
}

int
main(int argc, char *argv[])
{
	bool check, verbose = false;

	upgrade_remember(argv[0]);
	check = read_options(argc, argv, &verbose);
	if (!check && !fdstore_open()) {
		log_error("what was handed over cannot be taken: %s",
		    strerror(errno));
		return EXIT_SYSTEM;
	}
	read_settings(verbose);
	if (takeover != NULL)
		check_takeover();
	if (check)
		check_only();
	open_all();
	while (!stopping) {
		step(INT64_MAX);
		upgrade(argv);
	}
	drain_all();
	return EXIT_OK;
}
