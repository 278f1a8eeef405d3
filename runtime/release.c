/* SPDX-License-Identifier: MIT */
/* release -- see release.h. */
#include "release.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "budget.h"
#include "instance.h"
#include "log.h"
#include "service.h"
#include "setting.h"
#include "stamp.h"

#define MS 1000000LL /* nanoseconds */

static const char *const state_words[RELEASE_STATES] = {
    "cold", "warm", "backoff", "draining", "gone"};
static const char *const use_words[RELEASE_USES] = {
    "staged", "current", "canary", "leaving"};

/* ---- what it has ---- */

/* The name of one of its descriptors at the keeper: fdstore.h. */
static const char *
kept_name(
    const struct release *r, const char *which, char to[FDSTORE_NAME_MAX + 1])
{
	snprintf(to, FDSTORE_NAME_MAX + 1, "%s.%s", r->version, which);
	return to;
}

static int
take_kept(const struct release *r, const char *which)
{
	char name[FDSTORE_NAME_MAX + 1];

	return fdstore_take(kept_name(r, which, name));
}

static void
forget_kept(const struct release *r, const char *which)
{
	char name[FDSTORE_NAME_MAX + 1];

	fdstore_forget(kept_name(r, which, name));
}

static void
keep_fd(const struct release *r, const char *which, int fd)
{
	char name[FDSTORE_NAME_MAX + 1];

	fdstore_keep(kept_name(r, which, name), fd);
}

/* What was left with the keeper, when it can still be reached, or a new one.
 * Who leaves need not be reached. */
static bool
open_listener(struct release *r)
{
	int fd = take_kept(r, "l");

	r->listener.fd = fd;
	if (r->use == RELEASE_LEAVING) {
		errno = ENOENT;
		return fd >= 0;
	}
	r->bound = true;
	if (fd >= 0 && listener_is_at(fd, r->path))
		return true;
	if (fd >= 0) {
		forget_kept(r, "l");
		close(fd);
	}
	r->listener.fd = listener_open(r->path);
	if (r->listener.fd < 0)
		return false;
	keep_fd(r, "l", r->listener.fd);
	return true;
}

static bool
open_board(struct release *r)
{
	char why[BOARD_WHY_BYTES];
	int fd = take_kept(r, "b");

	if (fd >= 0) {
		r->board = board_map(fd, why);
		if (r->board != NULL) {
			r->board_fd = fd;
			return true;
		}
		log_warn("%s: counters are lost: %s", r->name, why);
		forget_kept(r, "b");
		close(fd);
	}
	r->board = board_create(&r->board_fd);
	if (r->board == NULL)
		return false;
	keep_fd(r, "b", r->board_fd);
	return true;
}

static bool
open_ready(struct release *r)
{
	r->ready.fd = take_kept(r, "r");
	if (r->ready.fd < 0)
		r->ready.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return r->ready.fd >= 0 && loop_add(&r->ready, EPOLLIN);
}

/* Instances that are on the board and alive. */
static void
adopt_instances(struct release *r)
{
	int control, used = (int)r->board->header.used;
	char which[16];

	for (int n = 0; n < used && n < BOARD_SLOTS; n++) {
		snprintf(which, sizeof(which), "c%d", n);
		control = take_kept(r, which);
		r->instances[n] = instance_adopt(r->board, n,
		    r->descriptor->program, control, service_on_exit, r);
		if (r->instances[n] != NULL)
			r->live++;
		else if (atomic_load(&r->board->slots[n].pid) != 0)
			board_fold(r->board, n);
	}
}

/* mayflyd needs no statement, and there are hundreds. */
static bool
read_descriptor(struct release *r, char *problem, size_t size)
{
	r->descriptor = store_descriptor(
	    setting_text(SETTING_STORE), r->hash, r->name, problem, size);
	if (r->descriptor == NULL)
		return false;
	if (strcmp(r->descriptor->name, r->name) != 0) {
		snprintf(problem, size, "%.*s is not a release of %s",
		    STORE_SHORT_CHARS, r->hash, r->name);
		return false;
	}
	if (!setting_own_there(r->descriptor->settings,
	        r->descriptor->nsettings, problem, size))
		return false;
	descriptor_drop_statements(r->descriptor);
	return true;
}

static bool
make_path(struct release *r)
{
	int len = snprintf(r->path, sizeof(r->path), "%s/%s/%s@%.*s",
	    setting_text(SETTING_RUN_DIR), setting_text(SETTING_APP), r->name,
	    STORE_SHORT_CHARS, r->hash);

	/* One more for the '~' while it is bound. */
	return len > 0 && (size_t)len + 1 < sizeof(r->path);
}

static bool
open_release_parts(struct release *r, char *problem, size_t size)
{
	if (!read_descriptor(r, problem, size))
		return false;
	if (!make_path(r)) {
		snprintf(problem, size, "the path of its socket is too long");
		return false;
	}
	if (!open_board(r) || !open_ready(r) || !open_listener(r)) {
		snprintf(problem, size, "%s: %s", r->path, strerror(errno));
		return false;
	}
	return true;
}

struct release *
release_open(const char *name, const char *hash, enum release_use use,
    char *problem, size_t size)
{
	struct release *r;

	if (!budget_take(
	        RELEASE_DESCRIPTORS, BUDGET_RESERVE + INSTANCE_DESCRIPTORS)) {
		snprintf(problem, size,
		    "the limit of open files is too low: see RLIMIT_NOFILE,"
		    " ulimit -n");
		return NULL;
	}
	r = calloc(1, sizeof(*r));
	if (r == NULL) {
		budget_give(RELEASE_DESCRIPTORS);
		snprintf(problem, size, "memory is out");
		return NULL;
	}
	snprintf(r->name, sizeof(r->name), "%s", name);
	snprintf(r->hash, sizeof(r->hash), "%s", hash);
	snprintf(
	    r->version, sizeof(r->version), "%.*s", STORE_SHORT_CHARS, hash);
	r->use = use;
	r->kept = true;
	r->board_fd = -1;
	r->due_ns = INT64_MAX;
	r->listener = (struct watch){
	    .fd = -1, .on_event = service_on_connect, .owner = r};
	r->ready =
	    (struct watch){.fd = -1, .on_event = service_on_ready, .owner = r};
	if (!open_release_parts(r, problem, size)) {
		release_unlink(r);
		release_unkeep(r);
		release_close(r);
		return NULL;
	}
	release_take_settings(r);
	adopt_instances(r);
	service_begin(r);
	return r;
}

void
release_take_settings(struct release *r)
{
	const struct fn_limits *limits = &r->descriptor->limits;

	r->max = (int)limits->max_instances;
	if (r->max == FN_ONE_PER_CORE)
		r->max = (int)sysconf(_SC_NPROCESSORS_ONLN);
	if (r->max <= 0)
		r->max = (int)setting_int(SETTING_MAX_INSTANCES);
	if (r->max > BOARD_SLOTS)
		r->max = BOARD_SLOTS;
	r->idle_ns = (limits->idle_ms > 0 ? limits->idle_ms
	                                  : setting_int(SETTING_IDLE_MS)) *
	             MS;
}

/* ---- its instances ---- */

int
release_count(const struct release *r, enum board_state state)
{
	int n = 0;

	for (int i = 0; i < BOARD_SLOTS; i++) {
		if (r->instances[i] != NULL &&
		    instance_state(r->instances[i], NULL) == state)
			n++;
	}
	return n;
}

uint64_t
release_served(const struct release *r)
{
	struct board_counts sum;

	board_sum(r->board, &sum);
	return board_answered(&sum);
}

bool
release_spawn(struct release *r)
{
	const struct instance_plan plan = {
	    .program = r->descriptor->program,
	    .name = r->descriptor->name,
	    .limits = &r->descriptor->limits,
	    .listener = r->listener.fd,
	    .board = r->board_fd,
	    .settings = r->descriptor->settings,
	    .nsettings = r->descriptor->nsettings,
	    .ready = r->ready.fd,
	};
	int n = 0;

	while (n < BOARD_SLOTS && r->instances[n] != NULL)
		n++;
	if (n == BOARD_SLOTS)
		return false;
	r->instances[n] =
	    instance_start(&plan, r->board, n, service_on_exit, r);
	if (r->instances[n] == NULL) {
		log_error("%s: cannot start: %s", r->name, strerror(errno));
		return false;
	}
	if (r->live++ == 0)
		r->board->header.cold_starts++;
	return true;
}

void
release_forget(struct release *r, int n)
{
	board_fold(r->board, n);
	instance_free(r->instances[n]);
	r->instances[n] = NULL;
	r->live--;
}

/* ---- its end ---- */

void
release_unlink(struct release *r)
{
	if (r->bound)
		unlink(r->path);
	r->bound = false;
}

void
release_unkeep(struct release *r)
{
	if (!r->kept)
		return;
	r->kept = false;
	forget_kept(r, "l");
	forget_kept(r, "b");
}

void
release_bequeath(struct release *from, struct release *to)
{
	board_bequeath(from->board, to->board);
}

void
release_close(struct release *r)
{
	if (r == NULL)
		return;
	for (int n = 0; n < BOARD_SLOTS; n++) {
		if (r->instances[n] != NULL)
			instance_kill(r->instances[n]);
		instance_free(r->instances[n]);
	}
	loop_close(&r->listener);
	loop_close(&r->ready);
	board_unmap(r->board);
	if (r->board_fd >= 0)
		close(r->board_fd);
	descriptor_free(r->descriptor);
	free(r);
	budget_give(RELEASE_DESCRIPTORS);
}

static int
hand_on(const struct release *r, const char *which, int fd,
    struct fdstore_item *list, int n, int max)
{
	if (n == max)
		return n;
	list[n].fd = fd;
	kept_name(r, which, list[n].name);
	return n + 1;
}

/* One that another of its name has succeeded hands on nothing: its instances
 * see the end of their control pipes, and leave. */
int
release_hand_on(const struct release *r, struct fdstore_item *list, int max)
{
	char which[16];
	int n = 0;

	if (!r->kept)
		return 0;
	n = hand_on(r, "l", r->listener.fd, list, n, max);
	n = hand_on(r, "b", r->board_fd, list, n, max);
	n = hand_on(r, "r", r->ready.fd, list, n, max);
	for (int i = 0; i < BOARD_SLOTS; i++) {
		if (r->instances[i] == NULL || r->instances[i]->control < 0)
			continue;
		snprintf(which, sizeof(which), "c%d", i);
		n = hand_on(r, which, r->instances[i]->control, list, n, max);
	}
	return n;
}

/* ---- status ---- */

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
release_status(const struct release *r, struct out *o)
{
	int64_t left_ns = r->backoff_end_ns - stamp_monotonic_ns();

	out_text(o, "release", r->version);
	out_text(o, "use", use_words[r->use]);
	out_text(o, "state", state_words[r->state]);
	out_int(o, "max_instances", r->max);
	out_list(o, "instances");
	for (int n = 0; n < BOARD_SLOTS; n++) {
		if (r->instances[n] != NULL)
			instance_status(r->instances[n], o);
	}
	out_end(o);
	report_status(o, r->board);
	out_int(o, "backoff_ms",
	    r->state == RELEASE_BACKOFF && left_ns > 0 ? left_ns / MS : 0);
}

struct report_function
release_report(const struct release *r)
{
	return (struct report_function){
	    .name = r->name,
	    .version = r->version,
	    .board = r->board,
	    .starting = release_count(r, BOARD_STARTING),
	    .idle = release_count(r, BOARD_IDLE),
	    .busy = release_count(r, BOARD_BUSY),
	};
}
