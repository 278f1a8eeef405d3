/* SPDX-License-Identifier: MIT */
/* refuse -- see refuse.h.  A fixed table, so that nothing here can run out. */
#include "refuse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "budget.h"
#include "loop.h"
#include "record.h"
#include "stamp.h"

struct refusal {
	struct watch watch; /* fd is -1 when the place is free */
	int64_t deadline_ns;
	int retry_after_s;
	unsigned char header[RECORD_HEADER_BYTES]; /* of the first record */
	size_t got;                                /* bytes of it */
	bool answered;
};

static struct refusal refusals[REFUSE_MAX];
static int used; /* places below this index have been in use */
static int open_count;

static bool
send_reply(struct refusal *r)
{
	static const char body[] = "{\"errors\":{\"function\":"
	                           "[\"is not available, try again\"]}}";
	unsigned id = (unsigned)r->header[2] << 8 | r->header[3];
	char reply[1024], *text = reply + RECORD_HEADER_BYTES;
	size_t len, n;

	len = (size_t)snprintf(text, sizeof(reply) / 2,
	    "Status: 503 Service Unavailable\r\n"
	    "Content-Type: application/json; charset=utf-8\r\n"
	    "Content-Length: %zu\r\n"
	    "Cache-Control: no-store\r\n"
	    "Retry-After: %d\r\n\r\n%s",
	    sizeof(body) - 1, r->retry_after_s, body);
	record_stdout((unsigned char *)reply, id, len);
	record_end((unsigned char *)text + len, id);
	n = RECORD_HEADER_BYTES + len + RECORD_END_BYTES;
	r->answered = true;
	return send(r->watch.fd, reply, n, MSG_NOSIGNAL) == (ssize_t)n &&
	       shutdown(r->watch.fd, SHUT_WR) == 0;
}

static void
close_refusal(struct refusal *r)
{
	loop_close(&r->watch);
	budget_give(1);
	open_count--;
}

static void
on_event(void *owner, uint32_t events)
{
	struct refusal *r = owner;
	unsigned char bytes[4096];
	size_t take;
	ssize_t n;

	(void)events;
	n = read(r->watch.fd, bytes, sizeof(bytes));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		close_refusal(r);
		return;
	}
	take = sizeof(r->header) - r->got;
	if (take > (size_t)n)
		take = (size_t)n;
	memcpy(r->header + r->got, bytes, take);
	r->got += take;
	if (r->got == sizeof(r->header) && !r->answered && !send_reply(r))
		close_refusal(r);
}

/* A free place, or that of the oldest: it has its answer and does not close, or
 * has been silent all the time. */
static struct refusal *
free_place(void)
{
	struct refusal *oldest = &refusals[0];

	for (int i = 0; i < used; i++) {
		if (refusals[i].watch.fd < 0)
			return &refusals[i];
		if (refusals[i].deadline_ns < oldest->deadline_ns)
			oldest = &refusals[i];
	}
	if (used < REFUSE_MAX)
		return &refusals[used++];
	close_refusal(oldest);
	return oldest;
}

static void
refuse_connection(int fd, int retry_after_s)
{
	struct refusal *r = free_place();

	*r = (struct refusal){
	    .watch = {.fd = fd, .on_event = on_event, .owner = r},
	    .deadline_ns =
	        stamp_monotonic_ns() + REFUSE_DEADLINE_MS * 1000000LL,
	    .retry_after_s = retry_after_s,
	};
	open_count++;
	if (!loop_add(&r->watch, EPOLLIN))
		close_refusal(r);
	else
		on_event(r, EPOLLIN); /* its request is there, as a rule */
}

int
refuse_queued(int listener, int retry_after_s)
{
	int fd, n = 0;

	while (budget_take(1, BUDGET_MOMENTARY)) {
		fd =
		    accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0) {
			budget_give(1);
			break;
		}
		refuse_connection(fd, retry_after_s);
		n++;
	}
	return n;
}

void
refuse_unanswered(int listener)
{
	int fd;

	if (!budget_take(1, BUDGET_MOMENTARY))
		return;
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0)
		close(fd);
	budget_give(1);
}

int64_t
refuse_expire(int64_t now_ns)
{
	int64_t next = INT64_MAX;

	if (open_count == 0)
		return next;
	for (int i = 0; i < used; i++) {
		if (refusals[i].watch.fd < 0)
			continue;
		if (refusals[i].deadline_ns <= now_ns)
			close_refusal(&refusals[i]);
		else if (refusals[i].deadline_ns < next)
			next = refusals[i].deadline_ns;
	}
	return next;
}
