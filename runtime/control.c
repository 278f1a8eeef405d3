/* SPDX-License-Identifier: MIT */
/* control -- see control.h. */
#include "control.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "budget.h"
#include "log.h"
#include "loop.h"
#include "out.h"
#include "registry.h"
#include "setting.h"
#include "stamp.h"

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
static int64_t resume_ns = INT64_MAX; /* when to accept again */

static void
accept_again(void)
{
	resume_ns = INT64_MAX;
	if (listener.fd >= 0 && !listener.added &&
	    !loop_add(&listener, EPOLLIN))
		log_error("control: epoll: %s", strerror(errno));
}

static void
close_client(struct client *c)
{
	loop_close(&c->watch);
	budget_give(1);
	buf_free(&c->reply.buf);
	accept_again(); /* a place is free, and a descriptor */
}

static void
write_status(struct out *o)
{
	out_begin(o, NULL);
	out_int(o, "pid", getpid());
	out_int(
	    o, "uptime_s", (stamp_monotonic_ns() - started_ns) / 1000000000);
	out_text(o, "version", PACKAGE_VERSION);
	out_int(o, "descriptors_left", budget_left());
	out_list(o, "functions");
	registry_status(o);
	out_end(o);
	out_end(o);
}

static void
write_reload(struct out *o)
{
	struct registry_change change;

	out_begin(o, NULL);
	if (registry_load(setting_text(SETTING_FUNCTIONS),
	        setting_text(SETTING_RUN_DIR), &change)) {
		out_bool(o, "ok", true);
		out_int(o, "added", change.added);
		out_int(o, "replaced", change.replaced);
		out_int(o, "removed", change.removed);
		out_int(o, "unchanged", change.unchanged);
		out_int(o, "failed", change.failed);
	} else {
		out_text(o, "error", "a function folder cannot be read");
	}
	out_end(o);
}

static void
answer(struct client *c)
{
	if (strcmp(c->line, "status") == 0) {
		write_status(&c->reply);
	} else if (strcmp(c->line, "reload") == 0) {
		write_reload(&c->reply);
	} else {
		out_begin(&c->reply, NULL);
		out_text(&c->reply, "error", "commands are: status, reload");
		out_end(&c->reply);
	}
	buf_add(&c->reply.buf, "\n", 1);
	/* A reload may have taken long; the client has its time to read. */
	c->deadline_ns = stamp_monotonic_ns() + CONTROL_DEADLINE_MS * 1000000LL;
	if (c->reply.buf.failed || !loop_add(&c->watch, EPOLLOUT)) {
		log_error("control: the reply could not be made");
		close_client(c);
	}
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

	if (c->reply.buf.len == 0) {
		receive(c);
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

	return c->reply.buf.len == 0 && poll(&pfd, 1, 0) == 0;
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

bool
control_open(const char *run_dir)
{
	int fd;

	started_ns = stamp_monotonic_ns();
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
		clients[i].watch.fd = -1;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/mayflyd.sock",
	    run_dir);
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
	       listen(fd, CONTROL_CLIENTS_MAX) == 0 &&
	       loop_add(&listener, EPOLLIN);
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
