/* SPDX-License-Identifier: MIT */
/* service -- see service.h.  The behaviour is the table at the end. */
#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "budget.h"
#include "instance.h"
#include "log.h"
#include "refuse.h"
#include "report.h"
#include "setting.h"
#include "stamp.h"

#define MS 1000000LL /* nanoseconds */

enum {
	RETRY_MS = 1000, /* when the system refused another process */
	DESCRIPTORS = 3, /* of a service: listener, ready, board */
};

/*
 *	        connection        last one gone
 *	COLD ---------------> WARM -----------> COLD
 *	                       | SERVICE_STRIKES crashes in a row, unless dev
 *	                       v
 *	                    BACKOFF -- time is over --> COLD or WARM
 *	any -- stop --> DRAINING -- last one gone --> GONE
 */
enum state { COLD, WARM, BACKOFF, DRAINING, GONE, STATES };

static const char *const state_names[STATES] = {
    "cold", "warm", "backoff", "draining", "gone"};

enum event {
	EV_CONNECT, /* a connection that no idle instance took */
	EV_READY,   /* an instance has begun to accept */
	EV_EXIT,    /* an instance left as it should, or was killed by us */
	EV_CRASH,   /* an instance died without our doing */
	EV_TIMER,   /* due_ns has come */
	EV_STOP,
	EVENTS
};

struct service {
	struct descriptor *descriptor;
	struct stat file; /* of the executable, when it was described */
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	enum state state;
	struct watch listener;
	struct watch ready; /* an eventfd that new instances write */
	int board_fd;
	struct board *board;
	struct instance *instances[BOARD_SLOTS];
	int live, max;
	int64_t idle_ns;
	int64_t due_ns;     /* when EV_TIMER is due */
	int strikes;        /* crashes since a request was answered */
	int64_t backoff_ms; /* the last one; 0 when all is well */
	int64_t backoff_end_ns;
	uint64_t served_at_crash;
};

static void service_event(struct service *s, enum event event);

/* Who works on a function wants each crash, and the next try at once: no
 * backing off.  A crash before the accept takes one request with it, as one
 * after it does, or the same request would start instances for ever. */
static bool
is_dev(void)
{
	return setting_int(SETTING_DEV) != 0;
}

const char *
service_name(const struct service *s)
{
	return s->descriptor->name;
}

static int
count_state(const struct service *s, enum board_state state)
{
	int n = 0;

	for (int i = 0; i < BOARD_SLOTS; i++) {
		if (s->instances[i] != NULL &&
		    instance_state(s->instances[i], NULL) == state)
			n++;
	}
	return n;
}

static uint64_t
served(const struct service *s)
{
	struct board_counts sum;

	board_sum(s->board, &sum);
	return board_answered(&sum);
}

static bool
queued(const struct service *s)
{
	struct pollfd pfd = {.fd = s->listener.fd, .events = POLLIN};

	return poll(&pfd, 1, 0) > 0;
}

static void
due_by(struct service *s, int64_t when_ns)
{
	if (when_ns < s->due_ns)
		s->due_ns = when_ns;
}

/*
 * Wait on the listener behind every instance.  Edge-triggered: a connection
 * wakes mayflyd once, not for as long as it is queued.  With as many instances
 * as may be there is nothing to do about one, so it is not watched at all.
 */
static void
watch_listener(struct service *s)
{
	if (s->live >= s->max || s->state == DRAINING) {
		loop_remove(&s->listener);
		return;
	}
	if (!loop_add(&s->listener, EPOLLIN | EPOLLET | EPOLLEXCLUSIVE))
		log_error("%s: epoll: %s", service_name(s), strerror(errno));
}

/*
 * Whether it died.  An instance leaves by itself only while it is idle, so one
 * that ends inside a request has crashed, even with exit(0).  One that was
 * killed while it waited lost nothing; one that never got so far is as bad as
 * one that died, whoever killed it.
 */
static bool
has_crashed(const struct instance *i)
{
	enum board_state state = instance_state(i, NULL);

	return state == BOARD_STARTING || (state == BOARD_BUSY && !i->killed);
}

static void
log_crash(const struct service *s, const struct instance *i,
    const struct instance_end *end)
{
	const char *signal = end->signaled ? sigdescr_np(end->code) : NULL;
	char how[64];

	if (end->signaled)
		snprintf(how, sizeof(how), "died of signal %d (%s)", end->code,
		    signal != NULL ? signal : "unknown");
	else
		snprintf(how, sizeof(how), "exited with %d", end->code);
	if (instance_state(i, NULL) == BOARD_STARTING)
		log_error("%s[%d] %s while starting", service_name(s),
		    (int)i->pid, how);
	else
		log_error("%s[%d] %s inside a request, request %.128s",
		    service_name(s), (int)i->pid, how, i->slot->request_id);
}

static void
on_exit_event(void *owner, uint32_t events)
{
	struct service *s = owner;
	struct instance_end end;
	struct instance *i;
	bool crashed;

	(void)events;
	for (int n = 0; n < BOARD_SLOTS; n++) {
		i = s->instances[n];
		if (i == NULL || !instance_ended(i, &end))
			continue;
		crashed = has_crashed(i);
		if (crashed)
			log_crash(s, i, &end);
		if (crashed && is_dev() &&
		    instance_state(i, NULL) == BOARD_STARTING)
			refuse_unanswered(s->listener.fd);
		board_fold(s->board, n);
		s->instances[n] = NULL;
		s->live--;
		instance_free(i);
		service_event(s, crashed ? EV_CRASH : EV_EXIT);
	}
}

static bool
spawn(struct service *s)
{
	const struct instance_plan plan = {
	    .program = s->descriptor->program,
	    .name = s->descriptor->name,
	    .limits = &s->descriptor->limits,
	    .listener = s->listener.fd,
	    .board = s->board_fd,
	    .settings = s->descriptor->settings,
	    .nsettings = s->descriptor->nsettings,
	    .ready = s->ready.fd,
	};
	int n = 0;

	while (s->instances[n] != NULL)
		n++;
	s->instances[n] = instance_start(&plan, s->board, n, on_exit_event, s);
	if (s->instances[n] == NULL) {
		log_error(
		    "%s: cannot start: %s", service_name(s), strerror(errno));
		return false;
	}
	if (s->live++ == 0)
		s->board->header.cold_starts++;
	due_by(s, s->instances[n]->started_ns + SERVICE_START_MS * MS);
	return true;
}

static enum state
at_rest(const struct service *s)
{
	return s->live > 0 ? WARM : COLD;
}

/* Back off: 1 s, doubled each time until a request is answered again. */
static enum state
back_off(struct service *s)
{
	s->backoff_ms =
	    s->backoff_ms == 0 ? SERVICE_BACKOFF_MIN_MS : s->backoff_ms * 2;
	if (s->backoff_ms > SERVICE_BACKOFF_MAX_MS)
		s->backoff_ms = SERVICE_BACKOFF_MAX_MS;
	s->backoff_end_ns = stamp_monotonic_ns() + s->backoff_ms * MS;
	due_by(s, s->backoff_end_ns);
	log_warn("%s: backing off for %lld ms", service_name(s),
	    (long long)s->backoff_ms);
	return BACKOFF;
}

/* Wake one that waits: it may have slept through a connection. */
static bool
nudge_idle(struct service *s)
{
	for (int i = 0; i < BOARD_SLOTS; i++) {
		if (s->instances[i] != NULL &&
		    instance_state(s->instances[i], NULL) == BOARD_IDLE) {
			instance_ask(s->instances[i], BOARD_GO_ON);
			return true;
		}
	}
	return false;
}

/* While connections queue: one more instance, up to the maximum, and another
 * look a moment later. */
static enum state
grow_service(struct service *s)
{
	if (!queued(s))
		return at_rest(s);
	if (!nudge_idle(s) && count_state(s, BOARD_STARTING) == 0) {
		if (s->live >= s->max) {
			watch_listener(s);
			return at_rest(s);
		}
		if (!spawn(s)) {
			due_by(s, stamp_monotonic_ns() + RETRY_MS * MS);
			return s->live == 0 ? back_off(s) : at_rest(s);
		}
	}
	due_by(s, stamp_monotonic_ns() + SERVICE_LOOK_MS * MS);
	return at_rest(s);
}

static enum state
shrink(struct service *s)
{
	watch_listener(s);
	return grow_service(s);
}

/* A crash counts when nothing was answered since the one before. */
static enum state
strike(struct service *s)
{
	s->board->header.crashes++;
	if (served(s) > s->served_at_crash) {
		s->strikes = 0;
		s->backoff_ms = 0;
	}
	s->served_at_crash = served(s);
	s->strikes++;
	watch_listener(s);
	if (s->strikes >= SERVICE_STRIKES && !is_dev())
		return back_off(s);
	return grow_service(s);
}

static enum state
refuse(struct service *s)
{
	int64_t left_ms;

	if (nudge_idle(s))
		return BACKOFF; /* that one serves what is queued */
	left_ms = (s->backoff_end_ns - stamp_monotonic_ns()) / MS;
	s->board->header.refused += (uint64_t)refuse_queued(
	    s->listener.fd, left_ms < 1000 ? 1 : (int)((left_ms + 999) / 1000));
	if (queued(s)) /* too many at once */
		due_by(s, stamp_monotonic_ns() + SERVICE_LOOK_MS * MS);
	return BACKOFF;
}

static enum state
strike_again(struct service *s)
{
	s->board->header.crashes++;
	return refuse(s);
}

/* Kill what is overdue, ask what is idle too long; say when to look again. */
static void
look_at(struct service *s, struct instance *i)
{
	int64_t now = stamp_monotonic_ns(), age, limit;

	limit = (s->descriptor->limits.deadline_ms + SERVICE_GRACE_MS) * MS;
	switch (instance_state(i, &age)) {
	case BOARD_STARTING:
		limit = (SERVICE_START_MS + SERVICE_GRACE_MS) * MS;
		break;
	case BOARD_IDLE:
		/* It may turn busy at any time from now on. */
		due_by(s, now + limit);
		if (age < s->idle_ns && i->asked_ns == 0) {
			due_by(s, now + s->idle_ns - age);
			return;
		}
		if (i->asked_ns == 0)
			instance_ask(i, BOARD_RETIRE);
		age = now - i->asked_ns;
		break;
	case BOARD_BUSY:
		break;
	}
	if (age < limit) {
		due_by(s, now + limit - age);
		return;
	}
	if (i->killed)
		return; /* its end is on the way */
	log_error("%s[%d] is killed after %lld ms, request %.128s",
	    service_name(s), (int)i->pid, (long long)(age / MS),
	    i->slot->request_id);
	s->board->header.killed++;
	instance_kill(i);
}

static void
look_at_all(struct service *s)
{
	for (int n = 0; n < BOARD_SLOTS; n++) {
		if (s->instances[n] != NULL)
			look_at(s, s->instances[n]);
	}
}

/* One connection may try again; one more crash and it is twice as long.  What
 * still runs has its deadlines as ever. */
static enum state
try_again(struct service *s)
{
	look_at_all(s);
	if (stamp_monotonic_ns() < s->backoff_end_ns) {
		due_by(s, s->backoff_end_ns);
		return refuse(s);
	}
	s->strikes = SERVICE_STRIKES - 1;
	watch_listener(s);
	return grow_service(s);
}

/* A new one accepts: move behind it on the listener, and see when it will
 * have idled enough. */
static enum state
settle(struct service *s)
{
	watch_listener(s);
	look_at_all(s);
	return grow_service(s);
}

static enum state
look(struct service *s)
{
	look_at_all(s);
	return grow_service(s);
}

static void
ask_all(struct service *s, enum board_ask ask)
{
	for (int n = 0; n < BOARD_SLOTS; n++) {
		if (s->instances[n] != NULL)
			instance_ask(s->instances[n], ask);
	}
}

/* The path goes first, so that nothing new is queued; then the queue is
 * served, by a new instance where there is none. */
static enum state
drain(struct service *s)
{
	loop_remove(&s->listener);
	unlink(s->path);
	if (s->live == 0 && (!queued(s) || !spawn(s)))
		return GONE;
	ask_all(s, BOARD_DRAIN);
	look_at_all(s);
	return DRAINING;
}

static enum state
drained(struct service *s)
{
	if (s->live > 0)
		return DRAINING;
	/* The one that was to serve the queue crashed: tell who waits. */
	s->board->header.refused += (uint64_t)refuse_queued(s->listener.fd, 1);
	return GONE;
}

static enum state
look_draining(struct service *s)
{
	look_at_all(s);
	return DRAINING;
}

/*
 * What a service is doing (rows) and what just happened to it (columns).  A
 * cell does one thing and returns the next state.  An empty cell cannot
 * happen: service_event() logs it as a bug and changes nothing.
 */
static enum state (*const act[STATES][EVENTS])(struct service *) = {
    [COLD] =
        {
            [EV_CONNECT] = grow_service,
            [EV_READY] = grow_service, /* it has gone again already */
            [EV_TIMER] = grow_service,
            [EV_STOP] = drain,
        },
    [WARM] =
        {
            [EV_CONNECT] = grow_service,
            [EV_READY] = settle,
            [EV_EXIT] = shrink,
            [EV_CRASH] = strike,
            [EV_TIMER] = look,
            [EV_STOP] = drain,
        },
    [BACKOFF] =
        {
            [EV_CONNECT] = refuse,
            [EV_READY] = refuse,
            [EV_EXIT] = refuse,
            [EV_CRASH] = strike_again,
            [EV_TIMER] = try_again,
            [EV_STOP] = drain,
        },
    [DRAINING] =
        {
            [EV_READY] = look_draining,
            [EV_EXIT] = drained,
            [EV_CRASH] = drained,
            [EV_TIMER] = look_draining,
            [EV_STOP] = look_draining,
        },
};

static void
service_event(struct service *s, enum event event)
{
	enum state before = s->state;

	if (act[before][event] == NULL) {
		log_error("bug: %s is %s at event %d", service_name(s),
		    state_names[before], (int)event);
		return;
	}
	s->state = act[before][event](s);
	if (s->state != before)
		log_debug("%s is %s", service_name(s), state_names[s->state]);
	if (s->state == BACKOFF && before != BACKOFF)
		s->state = refuse(s); /* who waits is told at once */
}

static void
on_connect(void *owner, uint32_t events)
{
	(void)events;
	service_event(owner, EV_CONNECT);
}

static void
on_ready(void *owner, uint32_t events)
{
	struct service *s = owner;
	uint64_t n;

	(void)events;
	if (read(s->ready.fd, &n, sizeof(n)) == (ssize_t)sizeof(n))
		service_event(s, EV_READY);
}

int64_t
service_tick(struct service *s, int64_t now_ns)
{
	if (s->due_ns <= now_ns && s->state != GONE) {
		s->due_ns = INT64_MAX;
		service_event(s, EV_TIMER);
	}
	return s->due_ns;
}

void
service_stop(struct service *s)
{
	if (s->state != GONE)
		service_event(s, EV_STOP);
}

bool
service_stopped(const struct service *s)
{
	return s->state == GONE;
}

bool
service_stopping(const struct service *s)
{
	return s->state == DRAINING || s->state == GONE;
}

/* Bound beside its place and renamed into it, so that the place is never
 * empty while another mayflyd hands over. */
static bool
open_listener(struct service *s)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd, len;

	len = snprintf(
	    address.sun_path, sizeof(address.sun_path), "%s.new", s->path);
	if (len < 0 || (size_t)len >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	s->listener.fd = fd;
	if (unlink(address.sun_path) != 0 && errno != ENOENT)
		return false;
	return bind(fd, (const struct sockaddr *)&address, sizeof(address)) ==
	           0 &&
	       chmod(address.sun_path, 0660) == 0 &&
	       listen(fd, SERVICE_BACKLOG) == 0 &&
	       rename(address.sun_path, s->path) == 0;
}

static void
take_descriptor(struct service *s, struct descriptor *d)
{
	descriptor_free(s->descriptor);
	s->descriptor = d;
	s->max = (int)d->limits.max_instances;
	if (s->max == FN_ONE_PER_CORE)
		s->max = (int)sysconf(_SC_NPROCESSORS_ONLN);
	if (s->max <= 0)
		s->max = (int)setting_int(SETTING_MAX_INSTANCES);
	if (s->max > BOARD_SLOTS)
		s->max = BOARD_SLOTS;
	s->idle_ns = (d->limits.idle_ms > 0 ? d->limits.idle_ms
	                                    : setting_int(SETTING_IDLE_MS)) *
	             MS;
	if (stat(d->program, &s->file) != 0)
		memset(&s->file, 0, sizeof(s->file));
}

bool
service_is_stale(const struct service *s)
{
	struct stat now;

	if (stat(s->descriptor->program, &now) != 0)
		return true;
	return now.st_ino != s->file.st_ino || now.st_dev != s->file.st_dev ||
	       now.st_size != s->file.st_size ||
	       now.st_ctim.tv_sec != s->file.st_ctim.tv_sec ||
	       now.st_ctim.tv_nsec != s->file.st_ctim.tv_nsec;
}

void
service_replace(struct service *s, struct descriptor *d)
{
	take_descriptor(s, d);
	s->strikes = 0;
	s->backoff_ms = 0;
	s->backoff_end_ns = 0;
	if (s->state == BACKOFF)
		s->due_ns = 0; /* a new version need not wait */
	ask_all(s, BOARD_RETIRE);
	look_at_all(s);
}

struct service *
service_new(struct descriptor *d, const char *run_dir)
{
	struct service *s;

	if (!budget_take(DESCRIPTORS, BUDGET_RESERVE + INSTANCE_DESCRIPTORS)) {
		log_error("%s: the limit of open files is too low: %s", d->name,
		    "see RLIMIT_NOFILE, ulimit -n");
		return NULL;
	}
	s = calloc(1, sizeof(*s));
	if (s == NULL) {
		budget_give(DESCRIPTORS);
		log_error("%s: out of memory", d->name);
		return NULL;
	}
	s->due_ns = INT64_MAX;
	s->board_fd = -1;
	s->listener =
	    (struct watch){.fd = -1, .on_event = on_connect, .owner = s};
	s->ready = (struct watch){.fd = -1, .on_event = on_ready, .owner = s};
	snprintf(s->path, sizeof(s->path), "%s/fn/%s.sock", run_dir, d->name);
	take_descriptor(s, d);
	s->ready.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->board = board_create(&s->board_fd);
	if (s->ready.fd < 0 || s->board == NULL || !open_listener(s) ||
	    !loop_add(&s->ready, EPOLLIN)) {
		log_error("%s: %s: %s", d->name, s->path, strerror(errno));
		s->descriptor = NULL; /* stays the caller's */
		service_free(s);
		return NULL;
	}
	watch_listener(s);
	return s;
}

static void
instance_status(const struct instance *i, struct out *o)
{
	static const char *const names[] = {
	    [BOARD_STARTING] = "starting",
	    [BOARD_IDLE] = "idle",
	    [BOARD_BUSY] = "busy",
	};
	enum board_state state;
	int64_t age;

	state = instance_state(i, &age);
	out_begin(o, NULL);
	out_int(o, "pid", i->pid);
	out_text(o, "state", names[state]);
	out_int(o, "busy_ms", state == BOARD_BUSY ? age / MS : 0);
	out_int(o, "served", (int64_t)atomic_load(&i->slot->served));
	out_end(o);
}

void
service_status(const struct service *s, struct out *o)
{
	int64_t left_ns = s->backoff_end_ns - stamp_monotonic_ns();
	char route[512];

	snprintf(route, sizeof(route), "%s %s",
	    http_methods[s->descriptor->method], s->descriptor->path);
	out_begin(o, NULL);
	out_text(o, "name", service_name(s));
	out_text(o, "route", route);
	out_text(o, "state", state_names[s->state]);
	out_int(o, "max_instances", s->max);
	out_list(o, "instances");
	for (int n = 0; n < BOARD_SLOTS; n++) {
		if (s->instances[n] != NULL)
			instance_status(s->instances[n], o);
	}
	out_end(o);
	report_status(o, s->board);
	out_int(o, "backoff_ms",
	    s->state == BACKOFF && left_ns > 0 ? left_ns / MS : 0);
	out_end(o);
}

struct report_function
service_report(const struct service *s)
{
	return (struct report_function){
	    .name = service_name(s),
	    .version = "",
	    .board = s->board,
	    .starting = count_state(s, BOARD_STARTING),
	    .idle = count_state(s, BOARD_IDLE),
	    .busy = count_state(s, BOARD_BUSY),
	};
}

void
service_free(struct service *s)
{
	if (s == NULL)
		return;
	for (int n = 0; n < BOARD_SLOTS; n++) {
		if (s->instances[n] != NULL)
			instance_kill(s->instances[n]);
		instance_free(s->instances[n]);
	}
	loop_close(&s->listener);
	loop_close(&s->ready);
	board_unmap(s->board);
	if (s->board_fd >= 0)
		close(s->board_fd);
	descriptor_free(s->descriptor);
	free(s);
	budget_give(DESCRIPTORS);
}
