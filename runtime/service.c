/* SPDX-License-Identifier: MIT */
/* service -- see service.h.  The behaviour is the table at the end. */
#include "service.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "instance.h"
#include "log.h"
#include "refuse.h"
#include "report.h"
#include "setting.h"
#include "stamp.h"

#define MS 1000000LL /* nanoseconds */

enum {
	RETRY_MS = 1000, /* when the system refused another process */
};

enum event {
	EV_CONNECT, /* a connection that no idle instance took */
	EV_READY,   /* an instance has begun to accept */
	EV_EXIT,    /* an instance left as it should, or was killed by us */
	EV_CRASH,   /* an instance died without our doing */
	EV_TIMER,   /* due_ns has come */
	EV_STOP,
	EVENTS
};

static void service_event(struct release *r, enum event event);

/* Who works on a function wants each crash, and the next try at once: no
 * backing off.  A crash before the accept takes one request with it, as one
 * after it does, or the same request would start instances for ever. */
static bool
is_dev(void)
{
	return setting_int(SETTING_DEV) != 0;
}

static bool
queued(const struct release *r)
{
	return listener_queued(r->listener.fd);
}

static void
due_by(struct release *r, int64_t when_ns)
{
	if (when_ns < r->due_ns)
		r->due_ns = when_ns;
}

/*
 * Wait on the listener behind every instance.  Edge-triggered: a connection
 * wakes mayflyd once, not for as long as it is queued.  With as many instances
 * as may be there is nothing to do about one, so it is not watched at all.
 */
static void
watch_listener(struct release *r)
{
	if (r->live >= r->max) {
		loop_remove(&r->listener);
		return;
	}
	if (!loop_add(&r->listener, EPOLLIN | EPOLLET | EPOLLEXCLUSIVE))
		log_error("%s: epoll: %s", r->name, strerror(errno));
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
log_crash(const struct release *r, const struct instance *i,
    const struct instance_end *end)
{
	const char *signal = end->signaled ? sigdescr_np(end->code) : NULL;
	char how[64];

	if (!end->known)
		snprintf(how, sizeof(how), "ended");
	else if (end->signaled)
		snprintf(how, sizeof(how), "died of signal %d (%s)", end->code,
		    signal != NULL ? signal : "unknown");
	else
		snprintf(how, sizeof(how), "exited with %d", end->code);
	if (instance_state(i, NULL) == BOARD_STARTING)
		log_error(
		    "%s[%d] %s while starting", r->name, (int)i->pid, how);
	else
		log_error("%s[%d] %s inside a request, request %.128s", r->name,
		    (int)i->pid, how, i->slot->request_id);
}

/* Whether this crash is one more.  A web server that sends one request to
 * several instances, each of which dies of it, has found one fault. */
static bool
is_another(const struct release *r, const char *request_id)
{
	for (int n = 0; n < r->strikes && n < RELEASE_STRIKES; n++)
		if (request_id[0] != '\0' &&
		    strncmp(r->struck[n], request_id, BOARD_ID_BYTES) == 0)
			return false;
	return true;
}

/* A crash counts when nothing was answered since the one before. */
static void
count_strike(struct release *r, const struct instance *i)
{
	bool inside = instance_state(i, NULL) == BOARD_BUSY;
	const char *request_id = inside ? i->slot->request_id : "";
	uint64_t served = release_served(r);

	r->board->header.crashes++;
	if (served > r->served_at_crash) {
		r->strikes = 0;
		r->backoff_ms = 0;
	}
	r->served_at_crash = served;
	if (!is_another(r, request_id))
		return;
	if (r->strikes < RELEASE_STRIKES)
		snprintf(r->struck[r->strikes], BOARD_ID_BYTES, "%.128s",
		    request_id);
	r->strikes++;
}

void
service_on_exit(void *owner, uint32_t events)
{
	struct release *r = owner;
	struct instance_end end;
	struct instance *i;
	bool crashed;

	(void)events;
	for (int n = 0; n < BOARD_SLOTS; n++) {
		i = r->instances[n];
		if (i == NULL || !instance_ended(i, &end))
			continue;
		crashed = has_crashed(i);
		if (crashed) {
			log_crash(r, i, &end);
			count_strike(r, i);
		}
		if (crashed && is_dev() &&
		    instance_state(i, NULL) == BOARD_STARTING)
			refuse_unanswered(r->listener.fd);
		release_forget(r, n);
		service_event(r, crashed ? EV_CRASH : EV_EXIT);
	}
}

static bool
spawn(struct release *r)
{
	if (!release_spawn(r))
		return false;
	due_by(r, stamp_monotonic_ns() + SERVICE_START_MS * MS);
	return true;
}

static enum release_state
at_rest(const struct release *r)
{
	return r->live > 0 ? RELEASE_WARM : RELEASE_COLD;
}

/* Back off: 1 s, doubled each time until a request is answered again. */
static enum release_state
back_off(struct release *r)
{
	r->backoff_ms =
	    r->backoff_ms == 0 ? SERVICE_BACKOFF_MIN_MS : r->backoff_ms * 2;
	if (r->backoff_ms > SERVICE_BACKOFF_MAX_MS)
		r->backoff_ms = SERVICE_BACKOFF_MAX_MS;
	r->backoff_end_ns = stamp_monotonic_ns() + r->backoff_ms * MS;
	due_by(r, r->backoff_end_ns);
	log_warn(
	    "%s: backing off for %lld ms", r->name, (long long)r->backoff_ms);
	return RELEASE_BACKOFF;
}

/* Wake one that waits: it may have slept through a connection.  False when
 * there is none, or none that such a wish has an effect on. */
static bool
nudge_idle(struct release *r)
{
	bool woken = false;

	for (int i = 0; i < BOARD_SLOTS && !woken; i++)
		if (r->instances[i] != NULL)
			woken = instance_nudge(
			    r->instances[i], SERVICE_NUDGE_MS * MS);
	return woken;
}

/* Nothing is queued: who was woken had nothing to take. */
static void
forget_nudges(struct release *r)
{
	for (int i = 0; i < BOARD_SLOTS; i++)
		if (r->instances[i] != NULL)
			r->instances[i]->nudged_ns = 0;
}

/* While connections queue: one more instance, up to the maximum, and another
 * look a moment later. */
static enum release_state
grow_service(struct release *r)
{
	if (!queued(r)) {
		forget_nudges(r);
		return at_rest(r);
	}
	if (!nudge_idle(r) && release_count(r, BOARD_STARTING) == 0) {
		if (r->live >= r->max) {
			watch_listener(r);
			return at_rest(r);
		}
		if (!spawn(r)) {
			due_by(r, stamp_monotonic_ns() + RETRY_MS * MS);
			return r->live == 0 ? back_off(r) : at_rest(r);
		}
	}
	due_by(r, stamp_monotonic_ns() + SERVICE_LOOK_MS * MS);
	return at_rest(r);
}

static enum release_state
shrink(struct release *r)
{
	watch_listener(r);
	return grow_service(r);
}

static enum release_state
strike(struct release *r)
{
	watch_listener(r);
	if (r->strikes >= RELEASE_STRIKES && !is_dev())
		return back_off(r);
	return grow_service(r);
}

static enum release_state
refuse(struct release *r)
{
	int64_t left_ms;

	if (!queued(r)) {
		forget_nudges(r);
		return RELEASE_BACKOFF;
	}
	if (nudge_idle(r)) { /* that one serves what is queued */
		due_by(r, stamp_monotonic_ns() + SERVICE_NUDGE_MS * MS);
		return RELEASE_BACKOFF;
	}
	left_ms = (r->backoff_end_ns - stamp_monotonic_ns()) / MS;
	r->board->header.refused += (uint64_t)refuse_queued(
	    r->listener.fd, left_ms < 1000 ? 1 : (int)((left_ms + 999) / 1000));
	if (queued(r)) /* too many at once */
		due_by(r, stamp_monotonic_ns() + SERVICE_LOOK_MS * MS);
	return RELEASE_BACKOFF;
}

/* Kill what is overdue, ask what is idle too long; say when to look again. */
static void
look_at(struct release *r, struct instance *i)
{
	int64_t now = stamp_monotonic_ns(), age, limit;

	limit = (r->descriptor->limits.deadline_ms + SERVICE_GRACE_MS) * MS;
	switch (instance_state(i, &age)) {
	case BOARD_STARTING:
		limit = (SERVICE_START_MS + SERVICE_GRACE_MS) * MS;
		break;
	case BOARD_IDLE:
		/* It may turn busy at any time from now on. */
		due_by(r, now + limit);
		if (instance_is_deaf(i)) {
			age = now - i->nudged_ns;
			break;
		}
		if (age < r->idle_ns && i->asked_ns == 0) {
			due_by(r, now + r->idle_ns - age);
			return;
		}
		if (i->asked_ns == 0)
			instance_ask(i, BOARD_RETIRE);
		/* It may have served others since it was asked. */
		if (age > now - i->asked_ns)
			age = now - i->asked_ns;
		break;
	case BOARD_BUSY:
		break;
	}
	if (age < limit) {
		due_by(r, now + limit - age);
		return;
	}
	if (i->killed)
		return; /* its end is on the way */
	log_error("%s[%d] is killed after %lld ms, request %.128s", r->name,
	    (int)i->pid, (long long)(age / MS), i->slot->request_id);
	r->board->header.killed++;
	instance_kill(i);
}

static void
look_at_all(struct release *r)
{
	for (int n = 0; n < BOARD_SLOTS; n++) {
		if (r->instances[n] != NULL)
			look_at(r, r->instances[n]);
	}
}

/* One connection may try again; one more crash and it is twice as long.  What
 * still runs has its deadlines as ever. */
static enum release_state
try_again(struct release *r)
{
	look_at_all(r);
	if (stamp_monotonic_ns() < r->backoff_end_ns) {
		due_by(r, r->backoff_end_ns);
		return refuse(r);
	}
	r->strikes = RELEASE_STRIKES - 1;
	watch_listener(r);
	return grow_service(r);
}

/* A new one accepts: move behind it on the listener, and see when it will
 * have idled enough. */
static enum release_state
settle(struct release *r)
{
	watch_listener(r);
	look_at_all(r);
	return grow_service(r);
}

static enum release_state
look(struct release *r)
{
	look_at_all(r);
	return grow_service(r);
}

static void
ask_all(struct release *r, enum board_ask ask)
{
	for (int n = 0; n < BOARD_SLOTS; n++) {
		if (r->instances[n] != NULL)
			instance_ask(r->instances[n], ask);
	}
}

/*
 * While it leaves: the queue is served, by a new instance where there is none.
 * A connection may be on its way for as long as a web server that had found the
 * old path has not reached the socket, so the socket lingers.  One that kills
 * each instance is refused.
 */
static enum release_state
drain_on(struct release *r)
{
	bool waiting = queued(r);

	look_at_all(r);
	if (waiting && r->live < r->max && !nudge_idle(r) &&
	    release_count(r, BOARD_STARTING) == 0) {
		if (r->strikes < RELEASE_STRIKES && spawn(r))
			ask_all(r, BOARD_DRAIN);
		else if (r->live == 0)
			r->board->header.refused +=
			    (uint64_t)refuse_queued(r->listener.fd, 1);
	}
	if (waiting && r->live < r->max)
		due_by(r, stamp_monotonic_ns() + SERVICE_LOOK_MS * MS);
	if (!r->listener.added) /* adding it again would fire at once */
		watch_listener(r);
	if (r->live > 0)
		return RELEASE_DRAINING;
	if (stamp_monotonic_ns() >= r->linger_ns && !queued(r))
		return RELEASE_GONE;
	due_by(r, r->linger_ns);
	return RELEASE_DRAINING;
}

/* The path goes first, so that nothing new is queued. */
static enum release_state
drain(struct release *r)
{
	release_unlink(r);
	r->use = RELEASE_LEAVING;
	r->strikes = 0;
	ask_all(r, BOARD_DRAIN);
	return drain_on(r);
}

/*
 * What a release is doing (rows) and what just happened to it (columns).  A
 * cell does one thing and returns the next state.  An empty cell cannot
 * happen: service_event() logs it as a bug and changes nothing.
 */
static enum release_state (*const act[RELEASE_STATES][EVENTS])(
    struct release *) = {
    [RELEASE_COLD] =
        {
            [EV_CONNECT] = grow_service,
            [EV_READY] = grow_service, /* it has gone again already */
            [EV_TIMER] = grow_service,
            [EV_STOP] = drain,
        },
    [RELEASE_WARM] =
        {
            [EV_CONNECT] = grow_service,
            [EV_READY] = settle,
            [EV_EXIT] = shrink,
            [EV_CRASH] = strike,
            [EV_TIMER] = look,
            [EV_STOP] = drain,
        },
    [RELEASE_BACKOFF] =
        {
            [EV_CONNECT] = refuse,
            [EV_READY] = refuse,
            [EV_EXIT] = refuse,
            [EV_CRASH] = refuse,
            [EV_TIMER] = try_again,
            [EV_STOP] = drain,
        },
    [RELEASE_DRAINING] =
        {
            [EV_CONNECT] = drain_on,
            [EV_READY] = drain_on,
            [EV_EXIT] = drain_on,
            [EV_CRASH] = drain_on,
            [EV_TIMER] = drain_on,
            [EV_STOP] = drain_on,
        },
};

static void
service_event(struct release *r, enum event event)
{
	enum release_state before = r->state;

	if (act[before][event] == NULL) {
		log_error("bug: %s is in state %d at event %d", r->name,
		    (int)before, (int)event);
		return;
	}
	r->state = act[before][event](r);
	if (r->state == RELEASE_BACKOFF && before != RELEASE_BACKOFF)
		r->state = refuse(r); /* who waits is told at once */
}

void
service_on_connect(void *owner, uint32_t events)
{
	(void)events;
	service_event(owner, EV_CONNECT);
}

void
service_on_ready(void *owner, uint32_t events)
{
	struct release *r = owner;
	uint64_t n;

	(void)events;
	if (read(r->ready.fd, &n, sizeof(n)) == (ssize_t)sizeof(n))
		service_event(r, EV_READY);
}

int64_t
service_tick(struct release *r, int64_t now_ns)
{
	if (r->due_ns <= now_ns && r->state != RELEASE_GONE) {
		r->due_ns = INT64_MAX;
		service_event(r, EV_TIMER);
	}
	return r->due_ns;
}

/* With what was adopted it is warm, and may have a queue by now. */
void
service_begin(struct release *r)
{
	r->state = at_rest(r);
	r->served_at_crash = release_served(r);
	watch_listener(r);
	r->due_ns = 0;
}

void
service_renew(struct release *r)
{
	r->strikes = 0;
	r->backoff_ms = 0;
	r->backoff_end_ns = 0;
	ask_all(r, BOARD_RETIRE);
	r->due_ns = 0;
}

void
service_stop(struct release *r, int64_t linger_ms)
{
	r->linger_ns = stamp_monotonic_ns() + linger_ms * MS;
	if (r->state != RELEASE_GONE)
		service_event(r, EV_STOP);
}
