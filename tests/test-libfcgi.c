/* SPDX-License-Identifier: MIT */
/*
 * test-libfcgi -- what our reader makes of a request is what libfcgi, the
 * reference, makes of it: thousands of requests that are legal, in random
 * records, with random padding, between records that are about nothing.
 *
 * What libfcgi does not survive is left out: more than three names in
 * FCGI_GET_VALUES, lengths beyond the record, records of another id, and
 * padding behind what is not a part of a stream.  tests/test-incoming.c has
 * those.
 */
#include <fcgiapp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "incoming.h"
#include "record.h"
#include "tap.h"

enum {
	CASES = 5000,
	SEED = 20260101,
	BODY_MAX = 16 * 1024,
	BYTES_MAX = 128 * 1024, /* what a socket takes without a reader */
	SHOWN = 5,              /* faults that are told */
};

/* libfcgi does not give back what its first use takes. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libfcgi";
}

static uint64_t state = SEED;
static unsigned char bytes[BYTES_MAX];
static size_t len;

/* 0 to below - 1: xorshift64, which is the same everywhere. */
static size_t
any(size_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (size_t)(state % below);
}

static void
add_record(unsigned type, unsigned id, const char *content, size_t n)
{
	bool padded = type == RECORD_PARAMS || type == RECORD_STDIN;
	unsigned char *at = bytes + len;

	record_stdout(at, id, n);
	at[1] = (unsigned char)type;
	if (padded && n > 0 && any(3) == 0)
		at[6] = (unsigned char)any(256);
	if (n > 0)
		memcpy(at + RECORD_HEADER_BYTES, content, n);
	memset(at + RECORD_HEADER_BYTES + n, 0x5a, at[6]);
	len += RECORD_HEADER_BYTES + n + at[6];
}

/* What is about no request.  Without padding, and of unknown types without
 * content: libfcgi takes either for the next record. */
static void
add_noise(void)
{
	static const char asked[] = "\x0e\0FCGI_MAX_CONNS\x0f\0FCGI_MPXS_CONNS";

	switch (any(12)) {
	case 0:
		add_record(RECORD_GET_VALUES, 0, asked,
		    any(2) == 0 ? 0 : sizeof(asked) - 1);
		break;
	case 1:
		add_record(50 + (unsigned)any(50), 0, NULL, 0);
		break;
	default:
		break;
	}
}

/* A stream, in records as they come. */
static void
add_stream(unsigned type, unsigned id, const char *data, size_t n)
{
	size_t most = (size_t)1 << any(15), piece;

	if (most < n / 64)
		most = n / 64; /* room for headers is bounded */
	for (; n > 0; n -= piece, data += piece) {
		piece = 1 + any(most);
		if (piece > n)
			piece = n;
		add_record(type, id, data, piece);
		add_noise();
	}
	add_record(type, id, NULL, 0);
}

static size_t
put_length(char *at, size_t n)
{
	if (n < 128 && any(8) != 0) {
		at[0] = (char)n;
		return 1;
	}
	at[0] = (char)(n >> 24 | 0x80);
	at[1] = (char)(n >> 16);
	at[2] = (char)(n >> 8);
	at[3] = (char)n;
	return 4;
}

/* No NUL, and in names no '=': libfcgi would take them. */
static size_t
put_text(char *at, size_t n, bool name)
{
	for (size_t i = 0; i < n; i++) {
		at[i] = (char)(1 + any(255));
		if (name && at[i] == '=')
			at[i] = '_';
	}
	return n;
}

static size_t
put_pair(char *at)
{
	size_t name = any(8) == 0 ? any(257) : any(20);
	size_t value = any(8) == 0 ? any(2000) : any(40), n = 0;

	n += put_length(at + n, name);
	n += put_length(at + n, value);
	n += put_text(at + n, name, true);
	return n + put_text(at + n, value, false);
}

static unsigned
make_request(void)
{
	static char params[64 * 1024], body[BODY_MAX];
	static const char begin[RECORD_BEGIN_BYTES] = {0, RECORD_RESPONDER};
	unsigned id = 1 + (unsigned)any(any(2) == 0 ? 3 : 65000);
	size_t n = 0, variables = any(20);
	size_t body_len = any(3) == 0 ? 0 : any(any(2) == 0 ? 30 : BODY_MAX);
	char length[32];

	len = 0;
	add_noise();
	add_record(RECORD_BEGIN_REQUEST, id, begin, sizeof(begin));
	for (; variables > 0; variables--)
		n += put_pair(params + n);
	if (any(2) == 0) {
		params[n++] = 14;
		params[n++] =
		    (char)snprintf(length, sizeof(length), "%zu", body_len);
		memcpy(params + n, "CONTENT_LENGTH", 14);
		memcpy(params + n + 14, length, strlen(length));
		n += 14 + strlen(length);
	}
	add_stream(RECORD_PARAMS, id, params, n);
	put_text(body, body_len, false);
	add_stream(RECORD_STDIN, id, body, body_len);
	return id;
}

static bool
read_ours(struct incoming *in)
{
	size_t most = (size_t)1 << any(17), at = 0, n;
	enum incoming_event event = INCOMING_MORE;
	struct span piece;

	incoming_reset(in);
	for (; at < len && event == INCOMING_MORE; at += n) {
		n = 1 + any(most);
		if (n > len - at)
			n = len - at;
		piece = (struct span){(char *)bytes + at, n};
		do
			event = incoming_take(in, &piece);
		while (event == INCOMING_REPLY);
	}
	return event == INCOMING_WHOLE && in->request.state == GATEWAY_WHOLE;
}

/* libfcgi puts a variable of its own before the others. */
static bool
same(const struct incoming *in, const FCGX_Request *theirs)
{
	static char body[BODY_MAX + 1];
	char *const *v = in->request.variables, *const *w = theirs->envp;
	int n;

	if (*w == NULL || strcmp(*w, "FCGI_ROLE=RESPONDER") != 0)
		return false;
	for (w++; *v != NULL && *w != NULL; v++, w++)
		if (strcmp(*v, *w) != 0)
			return false;
	n = FCGX_GetStr(body, sizeof(body), theirs->in);
	return *v == NULL && *w == NULL && FCGX_GetError(theirs->in) == 0 &&
	       (size_t)n == in->request.body_len &&
	       memcmp(body, in->request.body, (size_t)n) == 0;
}

/* What is wrong with the request in bytes, or NULL. */
static const char *
compare(struct incoming *in, unsigned id)
{
	const char *fault = NULL;
	FCGX_Request theirs;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0 ||
	    send(ends[0], bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT) !=
	        (ssize_t)len ||
	    shutdown(ends[0], SHUT_WR) != 0)
		return "it cannot be sent";
	FCGX_InitRequest(&theirs, -1, 0);
	theirs.ipcFd = ends[1];
	theirs.keepConnection = 1;
	if (FCGX_Accept_r(&theirs) != 0)
		return "libfcgi does not take it";
	if (!read_ours(in))
		fault = "we do not take it";
	else if (in->id != id || (unsigned)theirs.requestId != id)
		fault = "another id";
	else if (!same(in, &theirs))
		fault = "another request";
	FCGX_Free(&theirs, 0);
	close(ends[0]);
	close(ends[1]);
	return fault;
}

int
main(void)
{
	static struct incoming in;
	const char *fault;
	int faults = 0;

	tap_note("seed %d", SEED);
	if (FCGX_Init() != 0)
		return EXIT_SYSTEM;
	incoming_open(&in, BODY_MAX);
	for (int i = 0; i < CASES; i++) {
		fault = compare(&in, make_request());
		if (fault != NULL && faults++ < SHOWN)
			tap_note("case %d, %zu bytes: %s", i, len, fault);
	}
	tap_is_int(faults, 0, "%d requests are read alike", CASES);
	incoming_free(&in);
	return tap_done();
}
