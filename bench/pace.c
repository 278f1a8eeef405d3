/* SPDX-License-Identifier: MIT */
/*
 * pace -- requests at a steady rate, whatever the answers take.
 *
 *	pace [-t TOKEN] PORT RATE SECONDS CONNECTIONS PATH
 *		GET PATH, RATE times a second
 *	pace -l FIRST PORT RATE SECONDS CONNECTIONS
 *		wrong logins instead: connection n comes from the n-th address
 *		of 127.0.0.0/8 behind FIRST, and tries the account
 *		author(FIRST + n)@seed.example
 *
 * A request is due at its time, and waits for a connection when all are busy: a
 * latency is from when it was due to the end of its answer, so that a slow
 * answer cannot hide others (coordinated omission).  Connections stay open.
 * Exit: 0 measured, 100 usage, 111 failed.  Prints
 *
 *	ANSWERS P50_US P99_US MAX_US UNSENT 2xx 401 429 OTHER
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	EXIT_USAGE = 100,
	EXIT_FAILED = 111,
	CONNECTIONS_MAX = 4096,
	ANSWER_MAX = 256 * 1024,
	REQUEST_MAX = 2048,
	LOOK_NS = 10000000, /* at the latest, whether the time is over */
	PER_NETWORK = 250,  /* addresses of each 127.x.y.0/24 */
};

struct connection {
	int fd;
	int64_t due_ns; /* of the request under way; 0: none is */
	size_t len;
	char *answer;
};

static struct connection connections[CONNECTIONS_MAX];
static int idle[CONNECTIONS_MAX], nidle;
static int epoll, port, nconnections, first = -1;
static const char *path, *token;
static uint32_t *latencies_us;
static size_t answers, ok, unauthorized, limited, other;

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void
fail(const char *what)
{
	fprintf(stderr, "pace: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILED);
}

static void
open_connection(int n)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in from = {.sin_family = AF_INET};
	struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)n};
	struct connection *c = &connections[n];
	uint32_t k = (uint32_t)(first + n);
	int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	c->len = 0;
	if (c->fd < 0)
		fail("socket");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (first >= 0) {
		setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on,
		    sizeof(on));
		from.sin_addr.s_addr =
		    htonl(UINT32_C(0x7f010001) + (k / PER_NETWORK << 8) +
		          k % PER_NETWORK);
		if (bind(c->fd, (struct sockaddr *)&from, sizeof(from)) != 0)
			fail("bind");
	}
	if (connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		fail("connect");
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) != 0)
		fail("epoll");
}

static void
send_request(int n, int64_t due_ns)
{
	struct connection *c = &connections[n];
	char text[REQUEST_MAX], body[256];
	int len, body_len = 0;

	if (first >= 0) {
		body_len = snprintf(body, sizeof(body),
		    "{\"user\":{\"email\":\"author%d@seed.example\","
		    "\"password\":\"wrong\"}}",
		    first + n);
		len = snprintf(text, sizeof(text),
		    "POST /api/users/login HTTP/1.1\r\nHost: a\r\n"
		    "Content-Type: application/json\r\n"
		    "Content-Length: %d\r\n\r\n%s",
		    body_len, body);
	} else {
		len = snprintf(text, sizeof(text),
		    "GET %s HTTP/1.1\r\nHost: a\r\n%s%s%s\r\n", path,
		    token != NULL ? "Authorization: Token " : "",
		    token != NULL ? token : "", token != NULL ? "\r\n" : "");
	}
	c->due_ns = due_ns;
	c->len = 0;
	if (send(c->fd, text, (size_t)len, MSG_NOSIGNAL) != len)
		fail("send");
}

/* Whether the answer is whole: its length, and all of that. */
static bool
is_whole(struct connection *c)
{
	const char *end, *length;

	c->answer[c->len] = '\0';
	end = strstr(c->answer, "\r\n\r\n");
	length = strstr(c->answer, "Content-Length: ");
	if (end == NULL)
		return false;
	if (length == NULL || length > end) {
		errno = EPROTO;
		fail("an answer without a length");
	}
	return c->len - (size_t)(end + 4 - c->answer) >=
	       strtoul(length + 16, NULL, 10);
}

static void
count_answer(struct connection *c, size_t most)
{
	int status = (int)strtol(c->answer + 9, NULL, 10);

	ok += status / 100 == 2;
	unauthorized += status == 401;
	limited += status == 429;
	other += status / 100 != 2 && status != 401 && status != 429;
	if (answers < most)
		latencies_us[answers++] =
		    (uint32_t)((now_ns() - c->due_ns) / 1000);
}

static void
take_answer(int n, size_t most)
{
	struct connection *c = &connections[n];
	ssize_t got;

	got = read(c->fd, c->answer + c->len, ANSWER_MAX - 1 - c->len);
	if (got <= 0) { /* nginx closes what has served 1000 requests */
		close(c->fd);
		open_connection(n);
		if (c->due_ns != 0)
			send_request(n, c->due_ns);
		return;
	}
	c->len += (size_t)got;
	if (c->due_ns == 0 || !is_whole(c))
		return;
	count_answer(c, most);
	c->due_ns = 0;
	idle[nidle++] = n;
}

/* Until all are sent that were due, and answered, or the time is over. */
static size_t
run(double rate, double seconds, size_t most)
{
	int64_t begin = now_ns(), now = begin, due = begin,
	        step = (int64_t)(1e9 / rate),
	        end = begin + (int64_t)(seconds * 1e9),
	        last = end + INT64_C(6000000000);
	struct epoll_event events[64];
	struct timespec wait = {0, 0};
	int n;

	while (now < last && (now < end || nidle < nconnections)) {
		while (due <= now && due < end && nidle > 0) {
			/* The first in turn: a connection is an address. */
			n = idle[0];
			memmove(
			    idle, idle + 1, (size_t)--nidle * sizeof(*idle));
			send_request(n, due);
			due += step;
		}
		wait.tv_nsec = LOOK_NS;
		if (nidle > 0 && due < end && due - now < LOOK_NS)
			wait.tv_nsec = due - now;
		n = epoll_pwait2(epoll, events, 64, &wait, NULL);
		for (int i = 0; i < n; i++)
			take_answer((int)events[i].data.u32, most);
		now = now_ns();
	}
	return due < end ? (size_t)((end - due) / step) : 0;
}

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char *argv[])
{
	double rate, seconds;
	size_t most, unsent;
	int option;

	while ((option = getopt(argc, argv, "l:t:")) != -1) {
		if (option == 'l')
			first = (int)strtol(optarg, NULL, 10);
		else if (option == 't')
			token = optarg;
		else
			return EXIT_USAGE;
	}
	argv += optind;
	if (argc - optind != (first >= 0 ? 4 : 5))
		return EXIT_USAGE;
	port = (int)strtol(argv[0], NULL, 10);
	rate = strtod(argv[1], NULL);
	seconds = strtod(argv[2], NULL);
	nconnections = (int)strtol(argv[3], NULL, 10);
	path = argv[4];
	if (nconnections < 1 || nconnections > CONNECTIONS_MAX || rate <= 0)
		return EXIT_USAGE;
	most = (size_t)(rate * seconds) + 1;
	latencies_us = calloc(most, sizeof(*latencies_us));
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (latencies_us == NULL || epoll < 0)
		fail("memory");
	for (int n = 0; n < nconnections; n++) {
		connections[n].answer = malloc(ANSWER_MAX);
		if (connections[n].answer == NULL)
			fail("memory");
		open_connection(n);
		idle[nidle++] = n;
	}
	unsent = run(rate, seconds, most);
	if (answers == 0)
		fail("no answer");
	qsort(latencies_us, answers, sizeof(*latencies_us), compare);
	printf("%zu %u %u %u %zu %zu %zu %zu %zu\n", answers,
	    latencies_us[answers / 2], latencies_us[answers * 99 / 100],
	    latencies_us[answers - 1], unsent, ok, unauthorized, limited,
	    other);
	return 0;
}
