/* SPDX-License-Identifier: MIT */
/* metrics -- see metrics.h.  A fixed table of clients, as in refuse.c. */
#include "metrics.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "budget.h"
#include "buf.h"
#include "log.h"
#include "loop.h"
#include "record.h"
#include "registry.h"
#include "report.h"
#include "stamp.h"

enum {
	RETRY_MS = 1000, /* when the system refused to accept */
};

struct client {
	struct watch watch; /* fd is -1 when the place is free */
	int64_t deadline_ns;
	unsigned char header[RECORD_HEADER_BYTES]; /* of the first record */
	size_t got;                                /* bytes of it */
	struct buf reply; /* records; empty until the header is there */
	size_t sent;
};

static struct watch listener = {.fd = -1};
static struct sockaddr_un address = {.sun_family = AF_UNIX};
static struct client clients[METRICS_CLIENTS_MAX];
static int64_t retry_ns = INT64_MAX; /* when to listen again */
static int64_t started_s;

static void
listen_again(void)
{
	retry_ns = INT64_MAX;
	if (!listener.added && !loop_add(&listener, EPOLLIN))
		log_error("metrics: epoll: %s", strerror(errno));
}

static void
close_scraper(struct client *c)
{
	loop_close(&c->watch);
	budget_give(1);
	buf_free(&c->reply);
	listen_again(); /* a place is free */
}

static bool
write_text(struct buf *text)
{
	struct report_function *functions;

	functions = calloc(REGISTRY_MAX, sizeof(*functions));
	if (functions == NULL)
		return false;
	report_metrics(text, functions, registry_report(functions), started_s);
	free(functions);
	return !text->failed;
}

/* The head and the text, as the records of one request. */
static bool
write_records(struct buf *to, const struct buf *text, unsigned id)
{
	unsigned char header[RECORD_HEADER_BYTES], end[RECORD_END_BYTES];
	char head[256];
	size_t len;

	len = (size_t)snprintf(head, sizeof(head),
	    "Status: 200 OK\r\n"
	    "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
	    "Content-Length: %zu\r\n"
	    "Cache-Control: no-store\r\n\r\n",
	    text->len);
	record_stdout(header, id, len);
	buf_add(to, header, sizeof(header));
	buf_add(to, head, len);
	for (size_t at = 0; at < text->len; at += len) {
		len = text->len - at < RECORD_CONTENT_MAX ? text->len - at
		                                          : RECORD_CONTENT_MAX;
		record_stdout(header, id, len);
		buf_add(to, header, sizeof(header));
		buf_add(to, text->data + at, len);
	}
	record_end(end, id);
	buf_add(to, end, sizeof(end));
	return !to->failed;
}

static void
answer_scraper(struct client *c)
{
	struct buf text = buf_new(METRICS_REPLY_MAX);
	struct record first;
	bool made;

	if (!record_parse(c->header, &first) ||
	    first.type != RECORD_BEGIN_REQUEST) {
		close_scraper(c); /* no FastCGI */
		return;
	}
	made = write_text(&text) && write_records(&c->reply, &text, first.id);
	buf_free(&text);
	if (!made || !loop_add(&c->watch, EPOLLIN | EPOLLOUT)) {
		log_error("metrics: the answer could not be made");
		close_scraper(c);
	}
}

/* What it sends behind the first header means nothing to us.  False when it has
 * closed its side. */
static bool
take_bytes(struct client *c)
{
	unsigned char bytes[4096];
	size_t take;
	ssize_t n;

	n = read(c->watch.fd, bytes, sizeof(bytes));
	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	take = sizeof(c->header) - c->got;
	if (take > (size_t)n)
		take = (size_t)n;
	memcpy(c->header + c->got, bytes, take);
	c->got += take;
	return true;
}

/* Then nothing is left but to see it close: closing first would reset the
 * connection under what it has not read. */
static bool
send_some(struct client *c)
{
	ssize_t n;

	n = send(c->watch.fd, c->reply.data + c->sent, c->reply.len - c->sent,
	    MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->sent += (size_t)n;
	if (c->sent < c->reply.len)
		return true;
	return shutdown(c->watch.fd, SHUT_WR) == 0 &&
	       loop_add(&c->watch, EPOLLIN);
}

static void
on_scraper(void *owner, uint32_t events)
{
	struct client *c = owner;

	if (((events & EPOLLIN) != 0 && !take_bytes(c)) ||
	    (events & (EPOLLERR | EPOLLHUP)) != 0) {
		close_scraper(c);
		return;
	}
	if (c->reply.len == 0 && c->got == sizeof(c->header))
		answer_scraper(c);
	else if ((events & EPOLLOUT) != 0 && !send_some(c))
		close_scraper(c);
}

static void
on_scrape(void *owner, uint32_t events)
{
	struct client *c = NULL;
	int fd;

	(void)owner;
	(void)events;
	for (int i = 0; i < METRICS_CLIENTS_MAX && c == NULL; i++) {
		if (clients[i].watch.fd < 0)
			c = &clients[i];
	}
	if (c == NULL) {
		loop_remove(&listener); /* until a place is free */
		return;
	}
	fd = accept4(listener.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0 && (errno == EAGAIN || errno == ECONNABORTED))
		return;
	/* Never refused: the places are few, and a part of the reserve. */
	if (fd < 0 || !budget_take(1, 0)) {
		if (fd >= 0)
			close(fd);
		loop_remove(&listener);
		retry_ns = stamp_monotonic_ns() + RETRY_MS * 1000000LL;
		return;
	}
	*c = (struct client){
	    .watch = {.fd = fd, .on_event = on_scraper, .owner = c},
	    .deadline_ns =
	        stamp_monotonic_ns() + METRICS_DEADLINE_MS * 1000000LL,
	    .reply = buf_new(METRICS_REPLY_MAX),
	};
	if (!loop_add(&c->watch, EPOLLIN))
		close_scraper(c);
}

bool
metrics_open(const char *run_dir)
{
	int fd;

	started_s = stamp_unix_s();
	for (int i = 0; i < METRICS_CLIENTS_MAX; i++)
		clients[i].watch.fd = -1;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/metrics.sock",
	    run_dir);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	if (!budget_take(1, 0)) {
		close(fd);
		return false;
	}
	listener = (struct watch){.fd = fd, .on_event = on_scrape};
	if (unlink(address.sun_path) != 0 && errno != ENOENT)
		return false;
	return bind(fd, (const struct sockaddr *)&address, sizeof(address)) ==
	           0 &&
	       chmod(address.sun_path, 0660) == 0 &&
	       listen(fd, METRICS_CLIENTS_MAX) == 0 &&
	       loop_add(&listener, EPOLLIN);
}

int64_t
metrics_expire(int64_t now_ns)
{
	int64_t next;

	if (retry_ns <= now_ns)
		listen_again();
	next = retry_ns;
	for (int i = 0; i < METRICS_CLIENTS_MAX; i++) {
		if (clients[i].watch.fd < 0)
			continue;
		if (clients[i].deadline_ns <= now_ns)
			close_scraper(&clients[i]);
		else if (clients[i].deadline_ns < next)
			next = clients[i].deadline_ns;
	}
	return next;
}

void
metrics_close(void)
{
	for (int i = 0; i < METRICS_CLIENTS_MAX; i++) {
		if (clients[i].watch.fd >= 0)
			close_scraper(&clients[i]);
	}
	if (listener.fd >= 0)
		unlink(address.sun_path);
	loop_close(&listener);
}
