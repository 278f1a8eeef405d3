/* SPDX-License-Identifier: MIT */
/*
 * gateway_fastcgi -- requests from the listening socket on descriptor 0, one
 * at a time: a connection, a request, a response.  What the bytes of a
 * connection mean is for incoming.c to say; here they are waited for, read and
 * written.
 *
 * Every signal is blocked, and the listener is in an epoll set of this process
 * (EPOLLEXCLUSIVE: a connection wakes one instance).
 *
 * The process leaves only between two requests: when mayflyd asks through the
 * board, when mayflyd is gone, on SIGTERM (mod_fcgid), or after max_requests.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "board.h"
#include "gateway.h"
#include "gateway_private.h"
#include "incoming.h"
#include "log.h"
#include "record.h"
#include "stamp.h"

enum {
	/* What is read and thrown away after a refusal, so that closing does
	 * not reset the connection under the reply. */
	DISCARD_MAX_BYTES = 8 * 1024 * 1024,
	/* Read at once: nearly every request is one read. */
	READ_BYTES = 64 * 1024,
	/* Each record has a header, and a content of at most two parts. */
	RECORDS_MAX = IOV_MAX / 2,
	RECORD_PARTS = 3,
};

struct loop {
	struct board_slot *slot; /* in mayflyd's board, or without it: */
	struct board_slot own;
	bool watched; /* mayflyd is there */
	bool leaving; /* serve what is queued, then leave */
	int epoll;
	int signals;
};

/* The request that is being answered; fd is -1 for none. */
static struct {
	int fd;
	unsigned id;
	int64_t deadline_ns;
} current = {.fd = -1};

/* What is read, and what has been read; not on the heap, so that a page that
 * no request has needed is none of ours. */
static char chunk[READ_BYTES];
static struct incoming incoming;

static bool
watch_fd(int epoll, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.fd = fd};

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool
loop_open(struct loop *loop)
{
	sigset_t all;
	int flags;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	flags = fcntl(STDIN_FILENO, F_GETFL);
	if (flags < 0 || fcntl(STDIN_FILENO, F_SETFL, flags | O_NONBLOCK) != 0)
		return false;
	if (!board_attach(&loop->slot))
		return false;
	loop->watched = loop->slot != NULL;
	if (!loop->watched)
		loop->slot = &loop->own;
	sigemptyset(&all);
	sigaddset(&all, SIGTERM);
	sigaddset(&all, SIGUSR1); /* the FastCGI way to ask for the same */
	loop->signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->signals < 0 || loop->epoll < 0)
		return false;
	if (loop->watched && !watch_fd(loop->epoll, BOARD_FD_CONTROL, EPOLLIN))
		return false;
	return watch_fd(loop->epoll, loop->signals, EPOLLIN) &&
	       watch_fd(loop->epoll, STDIN_FILENO, EPOLLIN | EPOLLEXCLUSIVE);
}

/* Tell mayflyd, once, that this instance has begun to accept. */
static void
announce_ready(const struct loop *loop)
{
	const uint64_t one = 1;
	ssize_t n;

	board_enter(loop->slot, BOARD_IDLE);
	if (!loop->watched)
		return;
	n = write(BOARD_FD_READY, &one, sizeof(one));
	(void)n; /* mayflyd gone: the control descriptor says so */
	close(BOARD_FD_READY);
}

/* Sleep until something happens; see whether it was a wish to leave. */
static void
sleep_until_event(struct loop *loop)
{
	struct signalfd_siginfo signal;
	struct epoll_event event;
	char nudge[16];

	if (epoll_wait(loop->epoll, &event, 1, -1) != 1)
		return;
	if (event.data.fd == loop->signals)
		loop->leaving =
		    read(loop->signals, &signal, sizeof(signal)) > 0;
	else if (event.data.fd == BOARD_FD_CONTROL)
		loop->leaving =
		    read(BOARD_FD_CONTROL, nudge, sizeof(nudge)) == 0;
}

/* The next connection, or -1 when it is time to leave. */
static int
next_connection(struct loop *loop)
{
	uint32_t ask;
	int fd;

	for (;;) {
		ask = atomic_load(&loop->slot->ask);
		if (ask == BOARD_RETIRE)
			return -1;
		fd = accept4(STDIN_FILENO, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			return fd;
		if (errno == ECONNABORTED || errno == EINTR)
			continue;
		if (errno != EAGAIN) {
			log_error("accept: %s", strerror(errno));
			return -1;
		}
		if (ask == BOARD_DRAIN || loop->leaving)
			return -1;
		sleep_until_event(loop);
	}
}

/* Let the peer read its reply before the connection goes: closing a unix socket
 * with something unread resets it under the reply. */
static void
discard(int fd, int64_t deadline_ns)
{
	size_t total = 0;
	ssize_t n;

	if (shutdown(fd, SHUT_WR) != 0)
		return;
	do {
		n = read(fd, chunk, sizeof(chunk));
		total += n > 0 ? (size_t)n : 0;
	} while (n > 0 && total < DISCARD_MAX_BYTES &&
	         stamp_monotonic_ns() < deadline_ns);
}

/*
 * Wait until the peer takes more.  False when it has taken nothing for as long
 * as it may send nothing, and its time is over: a web server whose buffers are
 * full has to wait for its client, and that for as long as the function has.
 */
static bool
wait_writable(int fd, int64_t deadline_ns)
{
	struct pollfd wait = {.fd = fd, .events = POLLOUT};
	int64_t ms = (deadline_ns - stamp_monotonic_ns()) / 1000000;
	int n;

	if (ms < GATEWAY_READ_TIMEOUT_S * 1000)
		ms = GATEWAY_READ_TIMEOUT_S * 1000;
	do
		n = poll(&wait, 1, ms < INT_MAX ? (int)ms : INT_MAX);
	while (n < 0 && errno == EINTR);
	return n > 0;
}

/* All of it; false when the peer does not take it. */
static bool
send_parts(int fd, struct iovec *parts, int n, int64_t deadline_ns)
{
	struct msghdr message = {.msg_iov = NULL};
	ssize_t sent;

	while (n > 0) {
		message.msg_iov = parts;
		message.msg_iovlen = (size_t)n;
		sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent >= 0) {
			parts = gateway_left(parts, &n, (size_t)sent);
		} else if (errno == EAGAIN) {
			if (!wait_writable(fd, deadline_ns))
				return false;
		} else if (errno != EINTR) {
			return false;
		}
	}
	return true;
}

/* One call for all that fits into one, which is 31 MiB: it wakes the web server
 * once. */
bool
gateway_fastcgi_send(const struct gateway_response *response)
{
	static struct iovec parts[IOV_MAX];
	static unsigned char headers[RECORDS_MAX][RECORD_HEADER_BYTES];
	unsigned char end[RECORD_END_BYTES];
	struct iovec rest[] = {
	    {response->head.data, response->head.len},
	    {(void *)(uintptr_t)response->body.at, response->body.len},
	};
	size_t left = rest[0].iov_len + rest[1].iov_len, len, take;
	int n, records, fd = current.fd;

	current.fd = -1; /* what failed halfway is not begun again */
	record_end(end, current.id);
	do {
		n = records = 0;
		while (left > 0 && n + RECORD_PARTS < IOV_MAX) {
			len = left < RECORD_CONTENT_MAX ? left
			                                : RECORD_CONTENT_MAX;
			left -= len;
			record_stdout(headers[records], current.id, len);
			parts[n++] = (struct iovec){
			    headers[records++], RECORD_HEADER_BYTES};
			for (size_t i = 0; i < LENGTH(rest); i++) {
				take = rest[i].iov_len < len ? rest[i].iov_len
				                             : len;
				if (take == 0)
					continue;
				parts[n++] =
				    (struct iovec){rest[i].iov_base, take};
				rest[i].iov_base =
				    (char *)rest[i].iov_base + take;
				rest[i].iov_len -= take;
				len -= take;
			}
		}
		if (left == 0)
			parts[n++] = (struct iovec){end, sizeof(end)};
		if (!send_parts(fd, parts, n, current.deadline_ns))
			return false;
	} while (left > 0);
	return true;
}

/* For mayflyd's log, should this be the last thing we do. */
static void
note_request(struct board_slot *slot, const struct gateway_request *request)
{
	const char *id;
	size_t len;

	id = gateway_variable(request, "HTTP_X_REQUEST_ID");
	len = id != NULL ? strnlen(id, BOARD_ID_BYTES - 1) : 0;
	if (len > 0)
		memcpy(slot->request_id, id, len);
	slot->request_id[len] = '\0';
}

static bool
send_interim(int fd, int64_t deadline_ns)
{
	struct iovec reply = {incoming.reply, incoming.reply_len};

	return send_parts(fd, &reply, 1, deadline_ns);
}

/* Up to a whole request; false when what comes is none. */
static bool
read_request(int fd, int64_t deadline_ns)
{
	enum incoming_event event = INCOMING_MORE;
	struct span bytes;
	ssize_t n;

	while (event == INCOMING_MORE) {
		n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		bytes = (struct span){chunk, n > 0 ? (size_t)n : 0};
		event = n > 0 ? incoming_take(&incoming, &bytes)
		              : incoming_end(&incoming);
		while (event == INCOMING_REPLY) {
			if (!send_interim(fd, deadline_ns))
				return false;
			event = incoming_take(&incoming, &bytes);
		}
		if (event == INCOMING_MORE &&
		    stamp_monotonic_ns() > deadline_ns)
			event = incoming_end(&incoming);
	}
	if (event == INCOMING_WHOLE)
		return true;
	if (incoming.reply_len > 0 && send_interim(fd, deadline_ns))
		discard(fd, deadline_ns);
	return false;
}

/* Whether the peer has closed: nginx does when its client has hung up, or when
 * the time is over, and this request has waited in the queue for as long.  One
 * that has closed its sending side alone still reads. */
static bool
is_gone(int fd)
{
	struct pollfd peer = {.fd = fd};

	return poll(&peer, 1, 0) > 0 && (peer.revents & POLLHUP) != 0;
}

/* Whether nobody waits for the answer: the peer has closed, or the request was
 * older than its deadline when it was accepted, so that nginx has said 504 or
 * is about to. */
static bool
is_forsaken(int fd, const struct gateway_request *request, int deadline_ms)
{
	int64_t sent_ms = gateway_sent_ms(request);

	return is_gone(fd) ||
	       (sent_ms >= 0 && stamp_unix_ms() - sent_ms > deadline_ms);
}

static void
serve_connection(const struct gateway *gateway, struct board_slot *slot, int fd)
{
	const struct timeval timeout = {.tv_sec = GATEWAY_READ_TIMEOUT_S};
	struct gateway_request *request = &incoming.request;
	struct gateway_response *response = gateway->response;
	bool sent;
	int64_t begun_ns = stamp_monotonic_ns(),
	        deadline_ns =
	            begun_ns + INT64_C(1000000) * gateway->deadline_ms;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	if (!read_request(fd, deadline_ns)) {
		board_count(slot, 0, begun_ns, 0, 0);
		return;
	}
	if (is_forsaken(fd, request, gateway->deadline_ms)) {
		board_drop(slot);
		return;
	}
	request->begun_ns = begun_ns;
	note_request(slot, request);
	current.fd = fd;
	current.id = incoming.id;
	current.deadline_ns = deadline_ns;
	gateway->answer(gateway->context, request, response);
	sent = gateway_fastcgi_send(response);
	board_count(slot, sent ? response->status : 0, begun_ns,
	    request->body_len, response->head.len + response->body.len);
	if (!sent)
		log_warn("the response could not be written");
	else if (request->state != GATEWAY_WHOLE)
		discard(fd, deadline_ns);
	current.fd = -1;
	gateway->done(gateway->context);
}

int
gateway_fastcgi(const struct gateway *gateway)
{
	struct loop loop = {.epoll = -1};
	int fd;

	if (!loop_open(&loop)) {
		log_error("cannot serve: %s", strerror(errno));
		return EXIT_SYSTEM;
	}
	incoming_open(&incoming, gateway->body_max_bytes);
	announce_ready(&loop);
	for (int n = 0; n < gateway->max_requests; n++) {
		fd = next_connection(&loop);
		if (fd < 0)
			break;
		board_enter(loop.slot, BOARD_BUSY);
		serve_connection(gateway, loop.slot, fd);
		close(fd);
		incoming_reset(&incoming);
		buf_reset(&gateway->response->head);
		board_enter(loop.slot, BOARD_IDLE);
	}
	incoming_free(&incoming);
	return EXIT_OK;
}
