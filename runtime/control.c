/* SPDX-License-Identifier: MIT */
/* control -- see control.h. */
#include "control.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "budget.h"
#include "fdstore.h"
#include "log.h"
#include "loop.h"
#include "out.h"
#include "registry.h"
#include "setting.h"
#include "stamp.h"
#include "upgrade.h"

struct client {
	struct watch watch; /* fd is -1 when the place is free */
	int64_t deadline_ns;
	char line[CONTROL_LINE_MAX];
	size_t len;
	struct out reply; /* empty until the line is complete */
	size_t sent;
};

static struct watch listener = {.fd = -1};
static struct sockaddr_un address = {.sun_family = AF_UNIX};
static struct client clients[CONTROL_CLIENTS_MAX];
static int64_t started_ns;
static struct client *upgrader; /* who waits to hear how that went */
static bool paused;             /* the next clients are for the next program */
static int64_t resume_ns = INT64_MAX; /* when to accept again */

static void
accept_again(void)
{
	resume_ns = INT64_MAX;
	if (listener.fd >= 0 && !paused && !listener.added &&
	    !loop_add(&listener, EPOLLIN))
		log_error("control: epoll: %s", strerror(errno));
}

static void
close_client(struct client *c)
{
	if (c == upgrader)
		upgrader = NULL;
	loop_close(&c->watch);
	budget_give(1);
	buf_free(&c->reply.buf);
	accept_again(); /* a place is free, and a descriptor */
}

bool
control_pause(void)
{
	paused = true;
	loop_remove(&listener);
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (clients[i].watch.fd >= 0 && &clients[i] != upgrader)
			return false;
	}
	return true;
}

void
control_resume(void)
{
	paused = false;
	accept_again();
}

/* ---- commands ---- */

static void
write_refusal(struct out *o, const struct registry_problem *problem)
{
	out_text(o, "error", problem->text);
	if (problem->function[0] != '\0')
		out_text(o, "function", problem->function);
}

static void
write_change(struct out *o, const struct registry_change *change)
{
	out_bool(o, "ok", true);
	out_int(o, "added", change->added);
	out_int(o, "replaced", change->replaced);
	out_int(o, "removed", change->removed);
	out_int(o, "unchanged", change->unchanged);
}

static void
do_status(struct out *o, int generation)
{
	(void)generation;
	out_int(o, "pid", getpid());
	out_int(
	    o, "uptime_s", (stamp_monotonic_ns() - started_ns) / 1000000000);
	out_int(o, "started_ns", started_ns);
	out_text(o, "version", PACKAGE_VERSION);
	out_text(o, "app", setting_text(SETTING_APP));
	out_int(o, "generation", registry_generation());
	out_int(o, "descriptors_left", budget_left());
	out_list(o, "functions");
	registry_status(o);
	out_end(o);
}

/* The settings first, whole or not at all. */
static void
do_reload(struct out *o, int generation)
{
	struct registry_change change;
	struct registry_problem problem = {.function = ""};
	bool renew;

	(void)generation;
	if (control_read_settings(&renew, problem.text, sizeof(problem.text)) &&
	    registry_follow(renew, &change, &problem))
		write_change(o, &change);
	else
		write_refusal(o, &problem);
}

static void
do_stage(struct out *o, int generation)
{
	struct registry_problem problem;

	if (registry_stage(generation, &problem))
		out_bool(o, "ok", true);
	else
		write_refusal(o, &problem);
}

static void
do_flip(struct out *o, int generation)
{
	struct registry_change change;
	struct registry_problem problem;

	if (registry_flip(generation, &change, &problem))
		write_change(o, &change);
	else
		write_refusal(o, &problem);
}

/* Only for what is served: who has been overtaken has nothing to settle. */
static void
do_settle(struct out *o, int generation)
{
	if (generation != registry_generation()) {
		out_text(o, "error", "another generation is served");
		return;
	}
	registry_settle();
	out_bool(o, "ok", true);
}

static void
do_drop(struct out *o, int generation)
{
	(void)generation;
	registry_drop();
	out_bool(o, "ok", true);
}

static const struct {
	const char *word;
	bool numbered; /* the number of a generation follows */
	void (*run)(struct out *o, int generation);
} commands[] = {
    {"drop", true, do_drop},
    {"flip", true, do_flip},
    {"reload", false, do_reload},
    {"settle", true, do_settle},
    {"stage", true, do_stage},
    {"status", false, do_status},
};

/* "WORD" or "WORD N". */
static void
run_line(struct out *o, const char *line)
{
	size_t len = strcspn(line, " ");
	const char *rest = line + len + strspn(line + len, " ");
	long number = 0;
	char *end;

	for (size_t i = 0; i < LENGTH(commands); i++) {
		if (strlen(commands[i].word) != len ||
		    strncmp(commands[i].word, line, len) != 0)
			continue;
		if (commands[i].numbered) {
			number = strtol(rest, &end, 10);
			if (end == rest || *end != '\0' || number < 1 ||
			    number > STORE_GENERATION_MAX)
				break;
		} else if (*rest != '\0') {
			break;
		}
		commands[i].run(o, (int)number);
		return;
	}
	out_text(o, "error",
	    "commands are: status, reload, upgrade, stage N, flip N,"
	    " settle N, drop N");
}

static void
write_error(struct out *o, const char *problem)
{
	out_begin(o, NULL);
	out_text(o, "error", problem);
	out_end(o);
}

/* The reply is written: let the client have it. */
static void
reply_to(struct client *c)
{
	buf_add(&c->reply.buf, "\n", 1);
	/* A flip may have taken long; the client has its time to read. */
	c->deadline_ns = stamp_monotonic_ns() + CONTROL_DEADLINE_MS * 1000000LL;
	if (c->reply.buf.failed || !loop_add(&c->watch, EPOLLOUT)) {
		log_error("control: the reply could not be made");
		close_client(c);
	}
}

/* How the upgrade went; NULL is well, and there is no later. */
static void
on_upgrade(const char *problem)
{
	struct client *c = upgrader;
	ssize_t n;

	if (problem != NULL)
		control_resume();
	if (c == NULL)
		return;
	upgrader = NULL;
	if (problem != NULL) {
		write_error(&c->reply, problem);
		reply_to(c);
		return;
	}
	out_begin(&c->reply, NULL);
	out_bool(&c->reply, "ok", true);
	out_end(&c->reply);
	n = send(c->watch.fd, c->reply.buf.data, c->reply.buf.len,
	    MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)n; /* it fits, or nobody is there */
	close_client(c);
}

/* "upgrade", or "upgrade PROGRAM": answered when the program was asked. */
static void
begin_upgrade(struct client *c, const char *program)
{
	const char *problem;

	problem = upgrade_begin(program, on_upgrade);
	if (problem != NULL) {
		write_error(&c->reply, problem);
		reply_to(c);
		return;
	}
	upgrader = c;
	c->deadline_ns =
	    stamp_monotonic_ns() +
	    (2 * UPGRADE_CHECK_MS + CONTROL_DEADLINE_MS) * 1000000LL;
	if (!loop_add(&c->watch, 0))
		close_client(c);
}

static void
answer(struct client *c)
{
	if (strcmp(c->line, "upgrade") == 0) {
		begin_upgrade(c, NULL);
		return;
	}
	if (strncmp(c->line, "upgrade ", 8) == 0) {
		begin_upgrade(c, c->line + 8);
		return;
	}
	out_begin(&c->reply, NULL);
	run_line(&c->reply, c->line);
	out_end(&c->reply);
	reply_to(c);
}

static void
receive(struct client *c)
{
	char *end;
	ssize_t n;

	n = read(c->watch.fd, c->line + c->len, sizeof(c->line) - 1 - c->len);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		close_client(c);
		return;
	}
	c->len += (size_t)n;
	c->line[c->len] = '\0';
	end = strpbrk(c->line, "\r\n");
	if (end == NULL && c->len < sizeof(c->line) - 1)
		return;
	if (end != NULL)
		*end = '\0';
	answer(c);
}

static void
on_client(void *owner, uint32_t events)
{
	struct client *c = owner;
	ssize_t n;

	if (c->reply.buf.len == 0 && c != upgrader) {
		receive(c);
		return;
	}
	if (c == upgrader) {
		if ((events & (EPOLLERR | EPOLLHUP)) != 0)
			close_client(c);
		return;
	}
	if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
		close_client(c);
		return;
	}
	n = send(c->watch.fd, c->reply.buf.data + c->sent,
	    c->reply.buf.len - c->sent, MSG_NOSIGNAL);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	c->sent += n > 0 ? (size_t)n : 0;
	if (n < 0 || c->sent == c->reply.buf.len)
		close_client(c);
}

/* Whether it has sent no line, and nothing that is still to be read. */
static bool
is_silent(const struct client *c)
{
	struct pollfd pfd = {.fd = c->watch.fd, .events = POLLIN};

	return c != upgrader && c->reply.buf.len == 0 && poll(&pfd, 1, 0) == 0;
}

/* A free place; else that of the client that has been silent longest, which is
 * dropped; NULL when each has sent its line, or is about to. */
static struct client *
make_place(void)
{
	struct client *oldest = NULL;

	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (clients[i].watch.fd < 0)
			return &clients[i];
		if ((oldest == NULL ||
		        clients[i].deadline_ns < oldest->deadline_ns) &&
		    is_silent(&clients[i]))
			oldest = &clients[i];
	}
	if (oldest != NULL)
		close_client(oldest);
	return oldest;
}

static void
on_listener(void *owner, uint32_t events)
{
	struct client *c;
	int fd;

	(void)owner;
	(void)events;
	c = make_place();
	if (c == NULL) {
		loop_remove(&listener); /* until a place is free */
		return;
	}
	fd = accept4(listener.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0 && errno != EAGAIN && errno != EINTR &&
	    errno != ECONNABORTED) {
		/* No descriptor, or no memory: it would be readable at once,
		 * again and again. */
		loop_remove(&listener);
		resume_ns = stamp_monotonic_ns() + CONTROL_PAUSE_MS * 1000000LL;
	}
	if (fd < 0)
		return;
	/* Never refused: the places are few, and a part of the reserve. */
	if (!budget_take(1, 0)) {
		close(fd);
		return;
	}
	*c = (struct client){
	    .watch = {.fd = fd, .on_event = on_client, .owner = c},
	    .deadline_ns =
	        stamp_monotonic_ns() + CONTROL_DEADLINE_MS * 1000000LL,
	    .reply = out_new(CONTROL_REPLY_MAX),
	};
	if (!loop_add(&c->watch, EPOLLIN)) {
		close_client(c);
		return;
	}
	receive(c); /* who has sent its line need not fear for its place */
}

/* The socket of who executed us in its place, if it is where it should be. */
static bool
adopt_listener(void)
{
	struct sockaddr_un bound = {.sun_family = AF_UNSPEC};
	socklen_t len = sizeof(bound);
	int fd;

	fd = fdstore_take("control");
	if (fd < 0)
		return false;
	if (budget_take(1, 0)) {
		if (getsockname(fd, (struct sockaddr *)&bound, &len) == 0 &&
		    strncmp(bound.sun_path, address.sun_path,
		        sizeof(bound.sun_path)) == 0) {
			listener =
			    (struct watch){.fd = fd, .on_event = on_listener};
			return true;
		}
		unlink(bound.sun_path);
		budget_give(1);
	}
	close(fd);
	return false;
}

static bool
bind_listener(void)
{
	int fd;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	if (!budget_take(1, 0)) {
		close(fd);
		return false;
	}
	listener = (struct watch){.fd = fd, .on_event = on_listener};
	if (unlink(address.sun_path) != 0 && errno != ENOENT)
		return false;
	return bind(fd, (const struct sockaddr *)&address, sizeof(address)) ==
	           0 &&
	       chmod(address.sun_path, 0600) == 0 &&
	       listen(fd, CONTROL_CLIENTS_MAX) == 0;
}

bool
control_open(const char *run_dir)
{
	started_ns = stamp_monotonic_ns();
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
		clients[i].watch.fd = -1;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/mayflyd.sock",
	    run_dir);
	return (adopt_listener() || bind_listener()) &&
	       loop_add(&listener, EPOLLIN);
}

int
control_hand_on(struct fdstore_item *list, int max)
{
	if (max < 1 || listener.fd < 0)
		return 0;
	*list = (struct fdstore_item){.fd = listener.fd, .name = "control"};
	return 1;
}

int64_t
control_expire(int64_t now_ns)
{
	int64_t next;

	if (resume_ns <= now_ns)
		accept_again();
	next = resume_ns;
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (clients[i].watch.fd < 0)
			continue;
		if (clients[i].deadline_ns <= now_ns)
			close_client(&clients[i]);
		else if (clients[i].deadline_ns < next)
			next = clients[i].deadline_ns;
	}
	return next;
}

void
control_close(void)
{
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (clients[i].watch.fd >= 0)
			close_client(&clients[i]);
	}
	if (listener.fd >= 0)
		unlink(address.sun_path);
	loop_close(&listener);
}
