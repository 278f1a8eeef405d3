/* SPDX-License-Identifier: MIT */
/*
 * gateway_fastcgi -- requests from the listening socket on descriptor 0, one
 * at a time, read by libfcgi.
 *
 * libfcgi's own accept loop loses requests to signals and waits up to 2 s in
 * its close, so the waiting, accepting and closing are done here: every signal
 * is blocked, the listener is in an epoll set of this process (EPOLLEXCLUSIVE:
 * a connection wakes one instance), and libfcgi is handed a connection that is
 * already open.
 *
 * The process leaves only between two requests: when mayflyd asks through the
 * board, when mayflyd is gone, on SIGTERM (mod_fcgid), or after max_requests.
 */
#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
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
#include "log.h"
#include "record.h"
#include "stamp.h"

enum {
	/* What is read and thrown away after a refusal, so that closing does
	 * not reset the connection under the reply. */
	DISCARD_MAX_BYTES = 8 * 1024 * 1024,
	READ_BYTES = 16 * 1024, /* of a body at once */
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
} current = {.fd = -1};

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
	loop->slot = board_attach();
	loop->watched = loop->slot != NULL;
	if (!loop->watched)
		loop->slot = &loop->own;
	sigemptyset(&all);
	sigaddset(&all, SIGTERM);
	sigaddset(&all, SIGUSR1); /* the FastCGI way to ask for the same */
	loop->signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->signals < 0 || loop->epoll < 0 || FCGX_Init() != 0)
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

/* To the end of FCGI_STDIN, also beyond what CONTENT_LENGTH says: closing a
 * unix socket with something unread resets the connection under the reply. What
 * is refused unread is left to discard(). */
static enum gateway_state
read_stream_body(const struct gateway *gateway,
    const struct gateway_request *request, FCGX_Stream *in, struct buf *body)
{
	int64_t length;
	char *room;
	int n;

	length = gateway_content_length(request);
	if (length > gateway->body_max_bytes)
		return GATEWAY_BODY_TOO_LARGE;
	if (length == -2)
		return GATEWAY_BODY_MISMATCH;
	do {
		room = buf_room(body, READ_BYTES);
		if (room == NULL)
			return GATEWAY_BODY_TOO_LARGE;
		n = FCGX_GetStr(room, READ_BYTES, in);
		body->len += n > 0 ? (size_t)n : 0;
	} while (n == READ_BYTES);
	buf_add(body, "", 0);       /* the NUL */
	if (FCGX_GetError(in) != 0) /* it ended, or waited, too early */
		return GATEWAY_BODY_MISMATCH;
	if (body->len > (size_t)gateway->body_max_bytes)
		return GATEWAY_BODY_TOO_LARGE;
	if (length >= 0 && body->len != (size_t)length)
		return GATEWAY_BODY_MISMATCH;
	return GATEWAY_WHOLE;
}

/* Let the peer read its reply before the connection goes. */
static void
discard(int fd)
{
	char bytes[16 * 1024];
	size_t total = 0;
	ssize_t n;

	if (shutdown(fd, SHUT_WR) != 0)
		return;
	do {
		n = read(fd, bytes, sizeof(bytes));
		total += n > 0 ? (size_t)n : 0;
	} while (n > 0 && total < DISCARD_MAX_BYTES);
}

/* All of it; false when the peer does not take it. */
static bool
write_parts(int fd, struct iovec *parts, int n)
{
	ssize_t written;

	while (n > 0) {
		written = writev(fd, parts, n);
		if (written < 0)
			return false;
		while (n > 0 && (size_t)written >= parts->iov_len) {
			written -= (ssize_t)parts->iov_len;
			parts++;
			n--;
		}
		if (n > 0) {
			parts->iov_base = (char *)parts->iov_base + written;
			parts->iov_len -= (size_t)written;
		}
	}
	return true;
}

/* Most responses are one record and so one call, which wakes the web server
 * once: libfcgi would send each 8 KiB by itself. */
bool
gateway_fastcgi_send(const struct buf *response)
{
	int fd = current.fd;
	unsigned id = current.id;
	unsigned char header[RECORD_HEADER_BYTES], end[RECORD_END_BYTES];
	size_t len, sent = 0;
	bool last;

	record_end(end, id);
	do {
		struct iovec parts[] = {
		    {header, sizeof(header)},
		    {response->data + sent, response->len - sent},
		    {end, sizeof(end)},
		};

		last = parts[1].iov_len <= RECORD_CONTENT_MAX;
		if (!last)
			parts[1].iov_len = RECORD_CONTENT_MAX;
		len = parts[1].iov_len;
		record_stdout(header, id, len);
		if (!write_parts(fd, parts, last ? 3 : 2))
			return false;
		sent += len;
	} while (!last);
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

/* False when what came was no request. */
static bool
serve_connection(const struct gateway *gateway, struct board_slot *slot, int fd,
    struct buf *body)
{
	const struct timeval timeout = {.tv_sec = GATEWAY_READ_TIMEOUT_S};
	struct gateway_request request = {
	    .body = "", .begun_ns = stamp_monotonic_ns()};
	FCGX_Request fcgi;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	FCGX_InitRequest(&fcgi, -1, 0);
	fcgi.ipcFd = fd;
	fcgi.keepConnection = 1;
	if (FCGX_Accept_r(&fcgi) != 0)
		return false; /* libfcgi has closed it */
	request.variables = fcgi.envp;
	note_request(slot, &request);
	request.state = gateway_variables_fit(fcgi.envp)
	                    ? read_stream_body(gateway, &request, fcgi.in, body)
	                    : GATEWAY_VARIABLES_TOO_LARGE;
	if (request.state == GATEWAY_WHOLE && body->len > 0) {
		request.body = body->data;
		request.body_len = body->len;
	}
	current.fd = fd;
	current.id = (unsigned)fcgi.requestId;
	gateway->answer(gateway->context, &request, gateway->response);
	if (gateway_fastcgi_send(gateway->response) &&
	    request.state != GATEWAY_WHOLE)
		discard(fd);
	current.fd = -1;
	FCGX_Free(&fcgi, 0);
	close(fd);
	return true;
}

int
gateway_fastcgi(const struct gateway *gateway)
{
	struct loop loop = {.epoll = -1};
	struct buf body;
	int fd;

	if (!loop_open(&loop)) {
		log_error("cannot serve: %s", strerror(errno));
		return EXIT_SYSTEM;
	}
	body = buf_new((size_t)gateway->body_max_bytes + READ_BYTES);
	announce_ready(&loop);
	for (int n = 0; n < gateway->max_requests; n++) {
		fd = next_connection(&loop);
		if (fd < 0)
			break;
		board_enter(loop.slot, BOARD_BUSY);
		if (serve_connection(gateway, loop.slot, fd, &body))
			atomic_fetch_add(&loop.slot->served, 1);
		buf_reset(&body);
		buf_reset(gateway->response);
		board_enter(loop.slot, BOARD_IDLE);
	}
	buf_free(&body);
	return EXIT_OK;
}
