/* SPDX-License-Identifier: MIT */
/*
 * gateway_cgi -- one request from the environment and standard input, one
 * response to standard output (RFC 3875).  Errors go into the response; the
 * exit code tells only whether all of the response could be written.
 *
 * Two steps beyond the RFC: without CONTENT_LENGTH the body is read to its
 * end (a chunked request under Apache, a pipe in a shell), and the process
 * ends itself at its deadline, for there is no mayflyd to do it.
 */
#include <errno.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "gateway.h"
#include "gateway_private.h"
#include "log.h"
#include "stamp.h"

/* Read up to want bytes, or to the end.  False when reading failed. */
static bool
read_up_to(struct buf *body, size_t want)
{
	ssize_t n = 1;
	char *room;

	while (body->len < want && n != 0) {
		room = buf_room(body, want - body->len);
		if (room == NULL)
			return false;
		n = read(STDIN_FILENO, room, want - body->len);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			body->len += (size_t)n;
	}
	buf_add(body, "", 0); /* the NUL */
	return true;
}

static enum gateway_state
read_stdin_body(const struct gateway *gateway,
    const struct gateway_request *request, struct buf *body)
{
	int64_t length;
	size_t want;

	length = gateway_content_length(request);
	if (length > gateway->body_max_bytes)
		return GATEWAY_BODY_TOO_LARGE;
	if (length == -2)
		return GATEWAY_BODY_MISMATCH;
	if (length == -1 && isatty(STDIN_FILENO))
		return GATEWAY_WHOLE;
	/* One byte more shows that there is too much. */
	want = (size_t)(length == -1 ? gateway->body_max_bytes + 1 : length);
	if (!read_up_to(body, want) ||
	    (length >= 0 && body->len < (size_t)length))
		return GATEWAY_BODY_MISMATCH;
	if (body->len > (size_t)gateway->body_max_bytes)
		return GATEWAY_BODY_TOO_LARGE;
	return GATEWAY_WHOLE;
}

bool
gateway_cgi_send(const struct gateway_response *response)
{
	struct iovec both[] = {
	    {response->head.data, response->head.len},
	    {(void *)(uintptr_t)response->body.at, response->body.len},
	};
	struct iovec *parts = both;
	int n = LENGTH(both);
	ssize_t written;

	while (n > 0) {
		written = writev(STDOUT_FILENO, parts, n);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		parts = gateway_left(parts, &n, (size_t)written);
	}
	return true;
}

int
gateway_cgi(const struct gateway *gateway, char *const *variables)
{
	struct itimerval deadline = {
	    .it_value = {gateway->deadline_ms / 1000,
	        gateway->deadline_ms % 1000 * 1000},
	};
	struct gateway_request request = {.variables = variables,
	    .body = "",
	    .begun_ns = stamp_monotonic_ns()};
	struct buf body;
	bool sent;

	setitimer(ITIMER_REAL, &deadline, NULL); /* SIGALRM ends the process */
	body = buf_new((size_t)gateway->body_max_bytes + 1);
	request.state = read_stdin_body(gateway, &request, &body);
	if (request.state == GATEWAY_WHOLE && body.len > 0) {
		request.body = body.data;
		request.body_len = body.len;
	}
	gateway->answer(gateway->context, &request, gateway->response);
	sent = gateway_cgi_send(gateway->response);
	gateway->done(gateway->context);
	buf_free(&body);
	if (!sent) {
		log_warn("the response could not be written");
		return EXIT_SYSTEM;
	}
	return EXIT_OK;
}
