/* SPDX-License-Identifier: MIT */
/*
 * instance -- see instance.h.  vfork(2): the child only makes system calls on
 * what was prepared before, and mayflyd waits the 0.1 ms until it has exec'd,
 * which is half of what a fork(2) takes.
 */
#include "instance.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "budget.h"
#include "descriptor.h"
#include "descriptors.h"
#include "fdstore.h"
#include "orphans.h"
#include "rate_table.h"
#include "setting.h"
#include "stamp.h"

enum {
	DESCRIPTORS_MAX = 32, /* RLIMIT_NOFILE of an instance */
	EXEC_FAILED = 127,    /* as a shell says it */
	ENVIRONMENT_MAX = 48, /* settings passed on; a name may stand twice */
};

/* With a sanitizer the address space holds terabytes of shadow. */
#if defined(__SANITIZE_ADDRESS__)
static const bool limit_memory = false;
#else
static const bool limit_memory = true;
#endif

static int rates = -1; /* the memfd of the rate limits; nothing here maps it */

/* Everything the child needs, ready before vfork. */
struct launch {
	const struct instance_plan *plan;
	struct board_slot *board_slot;
	int control;
	struct rlimit memory, descriptors, core;
	char slot[32], home[8];
	char *argv[2];
	char *envp[ENVIRONMENT_MAX + 3]; /* the slot, HOME, NULL */
};

/* Whether "NAME=value" is of this name. */
static bool
is_variable(const char *variable, const char *name)
{
	size_t len = strlen(name);

	return strncmp(variable, name, len) == 0 && variable[len] == '=';
}

/*
 * The environment of an instance: our own settings as we were given them, the
 * function's own, its slot, and HOME so that libpq asks no user database.  The
 * strings belong to our environment.
 */
static void
make_environment(struct launch *l)
{
	char **at = l->envp;
	bool pass;

	for (char **v = environ; *v != NULL && at < l->envp + ENVIRONMENT_MAX;
	     v++) {
		pass = is_variable(*v, "MAYFLY_ENV_FILE");
		for (int s = 0; s < SETTINGS; s++)
			pass = pass ||
			       is_variable(*v, setting_name((enum setting)s));
		for (int s = 0; s < l->plan->nsettings; s++)
			pass = pass || is_variable(*v, l->plan->settings[s]);
		if (pass)
			*at++ = *v;
	}
	*at++ = l->slot;
	*at++ = l->home;
	*at = NULL;
}

static NORETURN void
child(const struct launch *l)
{
	const struct instance_plan *plan = l->plan;

	atomic_store(&l->board_slot->pid, getpid());
	setpgid(0, 0); /* a terminal's ^C is for mayflyd */
	if (dup2(plan->listener, STDIN_FILENO) < 0 ||
	    dup2(l->control, BOARD_FD_CONTROL) < 0 ||
	    dup2(plan->board, BOARD_FD_BOARD) < 0 ||
	    dup2(plan->ready, BOARD_FD_READY) < 0 ||
	    dup2(rates, BOARD_FD_RATE) < 0)
		_exit(EXEC_FAILED);
	descriptors_close_above(BOARD_FD_RATE);
	if ((limit_memory && setrlimit(RLIMIT_AS, &l->memory) != 0) ||
	    setrlimit(RLIMIT_NOFILE, &l->descriptors) != 0 ||
	    setrlimit(RLIMIT_CORE, &l->core) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		_exit(EXEC_FAILED);
	execve(plan->program, l->argv, l->envp);
	_exit(EXEC_FAILED);
}

/* Apart, so that nothing the child runs shares a frame with its parent. */
static pid_t
spawn_child(const struct launch *l)
{
	pid_t pid;

	pid = vfork();
	if (pid == 0)
		child(l);
	return pid;
}

static void
make_launch(struct launch *l, const struct instance_plan *plan, int n)
{
	rlim_t bytes = (rlim_t)plan->limits->memory_max_mib * 1024 * 1024;
	union {
		const char *in;
		char *out;
	} name = {plan->name}; /* execve(2) takes, but does not change it */

	l->plan = plan;
	l->memory = (struct rlimit){bytes, bytes};
	l->descriptors = (struct rlimit){DESCRIPTORS_MAX, DESCRIPTORS_MAX};
	l->core = (struct rlimit){0, 0};
	l->argv[0] = name.out;
	l->argv[1] = NULL;
	snprintf(l->slot, sizeof(l->slot), "MAYFLY_SLOT=%d", n);
	snprintf(l->home, sizeof(l->home), "HOME=/");
	make_environment(l);
}

/* Of a mayflyd before this one, so that its death gives nobody a new quota. */
static int
adopt_rates(void)
{
	struct stat st;
	int fd;

	fd = fdstore_take("rates");
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 &&
	    st.st_size == (off_t)sizeof(struct rate_table))
		return fd;
	fdstore_forget("rates");
	close(fd);
	return -1;
}

bool
instance_open(void)
{
	rates = adopt_rates();
	if (rates >= 0)
		return true;
	rates = rate_table_open();
	if (rates >= 0)
		fdstore_keep("rates", rates);
	return rates >= 0;
}

int
instance_hand_on(struct fdstore_item *list, int max)
{
	if (max < 1)
		return 0;
	*list = (struct fdstore_item){.fd = rates, .name = "rates"};
	return 1;
}

struct instance *
instance_start(const struct instance_plan *plan, struct board *board, int n,
    void (*on_exit_event)(void *owner, uint32_t events), void *owner)
{
	struct launch l;
	struct instance *i;
	int control[2], saved;

	if (!budget_take(INSTANCE_DESCRIPTORS, BUDGET_RESERVE))
		return NULL;
	i = calloc(1, sizeof(*i));
	if (i == NULL || pipe2(control, O_CLOEXEC | O_NONBLOCK) != 0) {
		free(i);
		budget_give(INSTANCE_DESCRIPTORS);
		return NULL;
	}
	i->exit =
	    (struct watch){.fd = -1, .on_event = on_exit_event, .owner = owner};
	make_launch(&l, plan, n);
	l.control = control[0];
	l.board_slot = i->slot = board_slot(board, n);
	i->control = control[1];
	i->started_ns = stamp_monotonic_ns();
	board_begin(board, n, i->started_ns);
	i->pid = spawn_child(&l);
	saved = errno;
	close(control[0]);
	if (i->pid > 0) {
		orphans_except(i->pid);
		i->exit.fd = (int)syscall(SYS_pidfd_open, i->pid, 0);
		saved = errno;
		if (i->exit.fd >= 0 && loop_add(&i->exit, EPOLLIN))
			return i;
		kill(i->pid, SIGKILL); /* not waited for: its own number */
		kill(-i->pid, SIGKILL);
		waitpid(i->pid, NULL, 0);
	}
	instance_free(i);
	errno = saved;
	return NULL;
}

/* Whether process pid runs program; or mayflyd, which it is for a moment before
 * it executes that. */
static bool
runs_program(pid_t pid, const char *program)
{
	char link[32];
	struct stat is, wanted;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	if (stat(link, &is) != 0)
		return false;
	if (stat(program, &wanted) == 0 && is.st_dev == wanted.st_dev &&
	    is.st_ino == wanted.st_ino)
		return true;
	return stat("/proc/self/exe", &wanted) == 0 &&
	       is.st_dev == wanted.st_dev && is.st_ino == wanted.st_ino;
}

struct instance *
instance_adopt(struct board *board, int n, const char *program, int control,
    void (*on_exit_event)(void *owner, uint32_t events), void *owner)
{
	struct board_slot *slot = &board->slots[n];
	pid_t pid = atomic_load(&slot->pid);
	int64_t now = stamp_monotonic_ns(), since;
	struct instance *i = NULL;

	if (pid > 1 && pid != getpid() && runs_program(pid, program) &&
	    budget_take(INSTANCE_DESCRIPTORS, BUDGET_RESERVE)) {
		i = calloc(1, sizeof(*i));
		if (i == NULL)
			budget_give(INSTANCE_DESCRIPTORS);
	}
	if (i == NULL) {
		if (control >= 0)
			close(control);
		return NULL;
	}
	since = atomic_load(&slot->since_ns);
	*i = (struct instance){
	    .exit = {.fd = (int)syscall(SYS_pidfd_open, pid, 0),
	        .on_event = on_exit_event,
	        .owner = owner},
	    .pid = pid,
	    .control = control,
	    .slot = slot,
	    .started_ns = since > 0 && since <= now ? since : now,
	    /* Its control pipe has ended, so it leaves. */
	    .asked_ns =
	        control < 0 || atomic_load(&slot->ask) != BOARD_GO_ON ? now : 0,
	};
	orphans_except(pid);
	if (i->exit.fd >= 0 && loop_add(&i->exit, EPOLLIN))
		return i;
	instance_free(i);
	return NULL;
}

/* The clock is read after the board.  With a time from before, an instance that
 * has just accepted would seem to have done so in the future. */
enum board_state
instance_state(const struct instance *i, int64_t *age_ns)
{
	uint32_t state = atomic_load(&i->slot->state);
	int64_t since = atomic_load(&i->slot->since_ns);
	int64_t now = stamp_monotonic_ns();

	if (since < i->started_ns || since > now)
		since = i->started_ns;
	if (age_ns != NULL)
		*age_ns = now - since;
	if (state != BOARD_STARTING && state != BOARD_IDLE)
		return BOARD_BUSY;
	return (enum board_state)state;
}

static void
wake(const struct instance *i)
{
	ssize_t n;

	if (i->control < 0)
		return;
	n = write(i->control, "!", 1);
	(void)n; /* gone, or full of unread wishes: both are as good */
}

void
instance_ask(struct instance *i, enum board_ask ask)
{
	atomic_store(&i->slot->ask, ask);
	if (i->asked_ns == 0)
		i->asked_ns = stamp_monotonic_ns();
	wake(i);
}

bool
instance_is_deaf(const struct instance *i)
{
	return i->nudged_ns != 0 &&
	       i->nudged_since_ns == atomic_load(&i->slot->since_ns);
}

bool
instance_nudge(struct instance *i, int64_t patience_ns)
{
	int64_t now = stamp_monotonic_ns();

	if (instance_state(i, NULL) != BOARD_IDLE || i->control < 0)
		return false;
	if (instance_is_deaf(i))
		return now - i->nudged_ns < patience_ns;
	i->nudged_ns = now;
	i->nudged_since_ns = atomic_load(&i->slot->since_ns);
	wake(i);
	return true;
}

/* It has not been waited for, so the number of its group is its own. */
void
instance_kill(struct instance *i)
{
	i->killed = true;
	if (syscall(SYS_pidfd_send_signal, i->exit.fd, SIGKILL, NULL, 0) == 0)
		kill(-i->pid, SIGKILL);
}

static uint64_t
timeval_ns(const struct timeval *t)
{
	return (uint64_t)t->tv_sec * 1000000000u + (uint64_t)t->tv_usec * 1000u;
}

/* One that is not our child can only be seen to have ended.  The system call,
 * since the function of libc has no place for the usage. */
bool
instance_ended(const struct instance *i, struct instance_end *end)
{
	struct pollfd gone = {.fd = i->exit.fd, .events = POLLIN};
	siginfo_t info = {.si_pid = 0};
	struct rusage usage = {.ru_maxrss = 0};

	*end = (struct instance_end){.known = false};
	if (waitid(P_PIDFD, (id_t)i->exit.fd, &info,
	        WEXITED | WNOHANG | WNOWAIT) != 0) {
		if (errno != ECHILD || poll(&gone, 1, 0) <= 0)
			return false;
		kill(-i->pid, SIGKILL);
		return true;
	}
	if (info.si_pid == 0)
		return false;
	/* While its number is still its own. */
	kill(-i->pid, SIGKILL);
	syscall(SYS_waitid, P_PIDFD, i->exit.fd, &info, WEXITED, &usage);
	atomic_store(&i->slot->pid, 0);
	atomic_store(&i->slot->counts.cpu_ns,
	    timeval_ns(&usage.ru_utime) + timeval_ns(&usage.ru_stime));
	end->known = true;
	end->code = info.si_status;
	end->signaled = info.si_code != CLD_EXITED;
	return true;
}

void
instance_free(struct instance *i)
{
	if (i == NULL)
		return;
	loop_close(&i->exit);
	if (i->control >= 0)
		close(i->control);
	if (i->pid > 0) {
		orphans_forget(i->pid);
		orphans_look();
	}
	free(i);
	budget_give(INSTANCE_DESCRIPTORS);
}
