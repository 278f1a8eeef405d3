/* SPDX-License-Identifier: MIT */
/*
 * mayfly-hold -- the parent of mayflyd where there is no systemd: keeps its
 * sockets and boards while it is away, and starts it again.
 *
 *	mayfly-hold PROGRAM [ARG]...
 *
 * PROGRAM gets NOTIFY_SOCKET, where it can say sd_notify(3)'s READY=1,
 * STOPPING=1, FDSTORE=1 and FDSTOREREMOVE=1 with FDNAME=; what it stored it
 * finds again as sd_listen_fds(3) has it, after it has died.  Only what PROGRAM
 * itself sends counts, not what its children or others do.
 *
 * HUP, TERM, INT and QUIT are passed on; after the last three, or when PROGRAM
 * exits with 0, this ends with it.  If it says by its exit code, at its very
 * first start and before READY=1, that it cannot start, it is believed.  Killed
 * itself, it takes PROGRAM along, and what was stored is gone.
 *
 * What PROGRAM leaves behind becomes a child of this one, and ends by itself;
 * only at the end of all what still runs is killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hold_socket.h"
#include "hold_store.h"
#include "log.h"
#include "stamp.h"

enum {
	STEADY_MS = 1000,    /* who dies later did not die of its start */
	PAUSE_MIN_MS = 100,  /* before the third start in a row; the second
	                        is at once */
	PAUSE_MAX_MS = 5000, /* doubled up to this */
	ORPHANS_MS = 3000,   /* what PROGRAM left, at the end of all */
	KILLED_MS = 1000,    /* and these, once they are killed */
	BURST_MAX = 8192,    /* messages before looking at something else */
	SIGNAL_CODE = 128,   /* and its number: as a shell says it */
};

static const int passed[] = {SIGHUP, SIGTERM, SIGINT, SIGQUIT};

static char *const *program; /* with its arguments */
static pid_t holder;
static int notify_fd = -1, signal_fd = -1;

static pid_t child;    /* 0: it does not run */
static bool ready;     /* it has said so */
static bool died;      /* it has been started again */
static bool ending;    /* with it */
static bool told_full; /* that there is no room */
static int64_t started_ns;
static int64_t start_due_ns;
static int quick_deaths; /* in a row */

static NORETURN void
finish_start(const char *what)
{
	log_error("%s: %s", what, strerror(errno));
	exit(EXIT_SYSTEM);
}

/* ---- what PROGRAM says ---- */

static void
obey(const struct hold_message *m)
{
	const struct notify *n = &m->notify;
	int lost = 0;

	if (n->ready && !ready) {
		ready = true;
		log_info("%s[%d] is ready", program[0], (int)child);
	}
	if (n->remove)
		hold_store_remove(n->name);
	for (int i = 0; i < m->nfds; i++) {
		if (!n->store)
			close(m->fds[i]);
		else if (!hold_store_add(n->name, m->fds[i]))
			lost++;
	}
	if (lost > 0 && !told_full)
		log_warn("%.*s is not kept: %d descriptors are all there is"
		         " room for",
		    (int)n->name.len, n->name.at, hold_store_count());
	told_full = told_full || lost > 0;
}

static void
receive_all(void)
{
	static struct hold_message m;
	int i = 0;

	while (i++ < BURST_MAX && hold_socket_receive(&m)) {
		if (m.valid && m.sender == child)
			obey(&m);
		else
			hold_socket_discard(&m);
	}
}

/* ---- its life ---- */

static NORETURN void
become_program(void)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != holder)
		_exit(EXIT_SYSTEM); /* it died before it was asked for that */
	for (size_t i = 0; i < LENGTH(passed); i++)
		signal(
		    passed[i], SIG_DFL); /* a shell may have said otherwise */
	unsetenv("MAYFLY_INHERIT");
	if (!hold_store_hand_down() ||
	    setenv("NOTIFY_SOCKET", hold_socket_name(), 1) != 0) {
		log_error("no memory");
		_exit(EXIT_SYSTEM);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(program[0], program);
	log_error("%s cannot be executed: %s", program[0], strerror(errno));
	_exit(EXIT_SYSTEM);
}

static int64_t
pause_ms(void)
{
	int64_t pause = PAUSE_MIN_MS;

	if (quick_deaths < 2)
		return 0;
	for (int i = 2; i < quick_deaths && pause < PAUSE_MAX_MS; i++)
		pause *= 2;
	return pause < PAUSE_MAX_MS ? pause : PAUSE_MAX_MS;
}

static void
start_again_later(void)
{
	int64_t now = stamp_monotonic_ns(), pause;

	died = true;
	if (ready && now - started_ns >= STEADY_MS * 1000000LL)
		quick_deaths = 0;
	else if (quick_deaths < 64)
		quick_deaths++;
	pause = pause_ms();
	/* Who was ready can start; somebody waits for it. */
	if (ready && pause > PAUSE_MIN_MS)
		pause = PAUSE_MIN_MS;
	start_due_ns = now + pause * 1000000LL;
}

static void
start_program(void)
{
	ready = false;
	told_full = false;
	started_ns = stamp_monotonic_ns();
	child = fork();
	if (child == 0)
		become_program();
	if (child > 0)
		return;
	log_error("%s: no process: %s", program[0], strerror(errno));
	child = 0;
	start_again_later();
}

/* At the end of all: nothing may be left. */
static void
kill_children(void)
{
	char text[4096], *at, *end;
	ssize_t n;
	long pid;
	int fd;

	fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	/* Without a blank behind it, it is not the whole number; those are
	 * there when it is read again. */
	for (at = text;; at = end) {
		pid = strtol(at, &end, 10);
		if (end == at || *end != ' ')
			return;
		kill((pid_t)pid, SIGKILL);
	}
}

static bool
reap_orphans(void)
{
	pid_t pid;

	do
		pid = waitpid(-1, NULL, WNOHANG);
	while (pid > 0);
	return pid == 0; /* there are others yet */
}

static NORETURN void
end_with(int code)
{
	int64_t begin = stamp_monotonic_ns(), age_ms = 0;
	struct pollfd none = {.fd = -1};

	hold_store_close();
	while (reap_orphans() && age_ms < ORPHANS_MS + KILLED_MS) {
		if (age_ms >= ORPHANS_MS)
			kill_children();
		poll(&none, 1, 20);
		age_ms = (stamp_monotonic_ns() - begin) / 1000000;
	}
	exit(code);
}

static void
on_death(const siginfo_t *info)
{
	bool exited = info->si_code == CLD_EXITED;
	bool wanted = ending || (exited && info->si_status == 0);
	const char *signal = exited ? NULL : sigdescr_np(info->si_status);

	if (exited && wanted)
		log_info("%s[%d] exited with %d", program[0], (int)child,
		    info->si_status);
	else if (exited)
		log_error("%s[%d] exited with %d", program[0], (int)child,
		    info->si_status);
	else
		log_error("%s[%d] died of signal %d (%s)", program[0],
		    (int)child, info->si_status,
		    signal != NULL ? signal : "unknown");
	child = 0;
	if (wanted || (exited && !died && !ready))
		end_with(
		    exited ? info->si_status : SIGNAL_CODE + info->si_status);
	start_again_later();
}

static void
reap_all(void)
{
	siginfo_t info;

	for (;;) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
		    info.si_pid == 0)
			return;
		/* All that it sent has come: before its number is free. */
		if (info.si_pid == child)
			receive_all();
		waitid(P_PID, (id_t)info.si_pid, &info, WEXITED | WNOHANG);
		if (info.si_pid == child)
			on_death(&info);
	}
}

/* ---- the loop ---- */

static void
open_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (size_t i = 0; i < LENGTH(passed); i++)
		sigaddset(&set, passed[i]);
	/* An ignored one would not come; an ignored SIGCHLD reaps by itself. */
	signal(SIGCHLD, SIG_DFL);
	for (size_t i = 0; i < LENGTH(passed); i++)
		signal(passed[i], SIG_DFL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	signal_fd = fd >= 0 ? hold_store_above(fd) : -1;
	if (signal_fd < 0)
		finish_start("signals cannot be watched");
}

static void
read_signals(void)
{
	struct signalfd_siginfo info;

	while (read(signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD) {
			reap_all();
			continue;
		}
		ending = ending || info.ssi_signo != SIGHUP;
		if (child > 0)
			kill(child, (int)info.ssi_signo);
	}
}

static void
wait_for_something(void)
{
	struct pollfd fds[] = {
	    {.fd = signal_fd, .events = POLLIN},
	    {.fd = notify_fd, .events = POLLIN},
	};
	int64_t left_ns = start_due_ns - stamp_monotonic_ns();
	int timeout = -1;

	if (child == 0)
		timeout = left_ns > 0 ? (int)((left_ns + 999999) / 1000000) : 0;
	if (poll(fds, LENGTH(fds), timeout) <= 0)
		return;
	if (fds[1].revents != 0)
		receive_all();
	if (fds[0].revents != 0)
		read_signals();
}

int
main(int argc, char *argv[])
{
	bool help;
	int fd;

	log_open("mayfly-hold", LOG_INFO);
	if (argc < 2 || argv[1][0] == '-') {
		help = argc == 2 && strcmp(argv[1], "-h") == 0;
		fputs("usage: mayfly-hold PROGRAM [ARG]...\n\n"
		      "Starts PROGRAM again when it dies, with the descriptors "
		      "that it stored:\nsee mayfly-hold(8).\n",
		    help ? stdout : stderr);
		return help ? EXIT_OK : EXIT_USAGE;
	}
	program = argv + 1;
	holder = getpid();
	/* The numbers up to 2 are for what is meant there. */
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	hold_store_open();
	open_signals();
	notify_fd = hold_socket_open();
	if (notify_fd < 0)
		finish_start("there is no socket to be notified by");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (;;) {
		if (child == 0 && ending)
			end_with(EXIT_OK);
		if (child == 0 && stamp_monotonic_ns() >= start_due_ns)
			start_program();
		wait_for_something();
	}
}
