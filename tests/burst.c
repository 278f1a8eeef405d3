/* SPDX-License-Identifier: MIT */
/*
 * burst -- load in bursts with pauses, over HTTP/1.1 on 127.0.0.1, and an
 * account of every answer.
 *
 *	burst -p PORT [-c CONNECTIONS] [-n REQUESTS] [-s SECONDS]
 *	      [-b BURST] [-m MIN_MS] [-M MAX_MS]
 *	      [-w PERCENT -t TOKEN -a FILE] PATH
 *
 *	-n, -s	stop after so many requests, or so long (at most 300 s)
 *	-b	requests of one burst, over all connections; then a pause of
 *		MIN_MS to MAX_MS, a little longer each time
 *	-w	so many of a hundred are POST /api/articles, with TOKEN; the
 *		title of each that was answered 201 is a line of FILE
 *
 * SIGTERM ends it as well, when the requests under way are answered.
 *
 * Prints "gets N failed F posts N failed F slowest_ms N"; failed is anything
 * but 200 (201), a closed connection included.  Exit code 0 even then: the
 * test that calls it judges.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base.h"
#include "stamp.h"

enum {
	CONNECTIONS_MAX = 256,
	ANSWER_MAX = 256 * 1024,
	SECONDS_MAX = 300,
	ANSWER_TIMEOUT_MS = 30000,
};

struct connection {
	int fd;
	bool post;
	char title[64];
	char answer[ANSWER_MAX];
	size_t len;
	int64_t sent_ns;
};

static struct {
	int port, connections, burst, min_ms, max_ms, writes;
	long requests, seconds;
	const char *token, *path;
	FILE *acknowledged;
} options = {.connections = 8, .requests = 1000, .seconds = 60};

static struct connection connections[CONNECTIONS_MAX];
static long asked, gets, failed_gets, posts, failed_posts;
static int64_t slowest_ns;
static volatile sig_atomic_t ended;

static void
on_end(int signal)
{
	(void)signal;
	ended = 1;
}

static void
fail(const char *what)
{
	perror(what);
	exit(EXIT_SYSTEM);
}

static void
reconnect(struct connection *c)
{
	struct sockaddr_in to = {
	    .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)options.port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int on = 1;

	if (c->fd >= 0)
		close(c->fd);
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 ||
	    connect(c->fd, (const struct sockaddr *)&to, sizeof(to)) != 0)
		fail("connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static int
write_post(struct connection *c, char *text, size_t size)
{
	char body[256];
	int len;

	snprintf(
	    c->title, sizeof(c->title), "burst-%d-%ld", (int)getpid(), asked);
	len = snprintf(body, sizeof(body),
	    "{\"article\":{\"title\":\"%s\",\"description\":\"d\","
	    "\"body\":\"b\"}}",
	    c->title);
	return snprintf(text, size,
	    "POST /api/articles HTTP/1.1\r\nHost: localhost\r\n"
	    "Authorization: Token %s\r\nContent-Type: application/json\r\n"
	    "Content-Length: %d\r\n\r\n%s",
	    options.token, len, body);
}

static void
ask(struct connection *c)
{
	char text[8192];
	int len;

	c->post = options.writes > 0 && asked % 100 < options.writes;
	if (c->post)
		len = write_post(c, text, sizeof(text));
	else
		len = snprintf(text, sizeof(text),
		    "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", options.path);
	asked++;
	c->len = 0;
	c->sent_ns = stamp_monotonic_ns();
	if (send(c->fd, text, (size_t)len, MSG_NOSIGNAL) == len)
		return;
	reconnect(c); /* the server may close a kept connection */
	if (send(c->fd, text, (size_t)len, MSG_NOSIGNAL) != len)
		fail("send");
}

static void
note(struct connection *c, int status)
{
	int64_t took = stamp_monotonic_ns() - c->sent_ns;

	if (took > slowest_ns)
		slowest_ns = took;
	if (c->post) {
		posts++;
		failed_posts += status != 201;
		if (status == 201)
			fprintf(options.acknowledged, "%s\n", c->title);
	} else {
		gets++;
		failed_gets += status != 200;
	}
	if (status != 200 && status != 201)
		fprintf(stderr, "burst: %s answered %d\n",
		    c->post ? "POST" : "GET", status);
}

/* Whether the answer is complete; *status is its code. */
static bool
complete(struct connection *c, int *status)
{
	const char *end, *length;

	c->answer[c->len] = '\0';
	end = strstr(c->answer, "\r\n\r\n");
	length = strstr(c->answer, "Content-Length: ");
	if (end == NULL)
		return false;
	if (length == NULL || length > end)
		*status = -1;
	else if (c->len - (size_t)(end + 4 - c->answer) <
	         strtoul(length + 16, NULL, 10))
		return false;
	else
		*status = (int)strtol(c->answer + 9, NULL, 10);
	return true;
}

/* Read; true when this connection has its answer, or never will. */
static bool
hear(struct connection *c)
{
	int status = 0;
	ssize_t n;

	n = recv(c->fd, c->answer + c->len, sizeof(c->answer) - 1 - c->len, 0);
	if (n > 0) {
		c->len += (size_t)n;
		if (!complete(c, &status))
			return false;
	}
	note(c, status);
	if (n <= 0 || strstr(c->answer, "\r\nConnection: close\r\n") != NULL)
		reconnect(c);
	return true;
}

/* One request on each of n connections, and all their answers. */
static void
round_of(int n)
{
	struct pollfd pfds[CONNECTIONS_MAX];
	int open = n, ready;

	for (int i = 0; i < n; i++) {
		ask(&connections[i]);
		pfds[i] = (struct pollfd){connections[i].fd, POLLIN, 0};
	}
	while (open > 0) {
		ready = poll(pfds, (nfds_t)n, ANSWER_TIMEOUT_MS);
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			fail("no answer");
		for (int i = 0; i < n; i++) {
			if (pfds[i].revents == 0 || !hear(&connections[i]))
				continue;
			pfds[i].fd = -1;
			pfds[i].revents = 0;
			open--;
		}
	}
}

static void
load(void)
{
	int64_t end = stamp_monotonic_ns() + options.seconds * 1000000000LL;
	int pause_ms = options.min_ms;
	long in_burst = 0;

	while (ended == 0 && asked < options.requests &&
	       stamp_monotonic_ns() < end) {
		round_of(options.connections);
		in_burst += options.connections;
		if (options.burst == 0 || in_burst < options.burst)
			continue;
		in_burst = 0;
		poll(NULL, 0, pause_ms);
		pause_ms =
		    pause_ms >= options.max_ms ? options.min_ms : pause_ms + 1;
	}
}

static long
number(const char *text, long max)
{
	char *end;
	long n;

	n = strtol(text, &end, 10);
	if (*end != '\0' || n < 0 || n > max) {
		fprintf(stderr, "burst: %s is not 0 to %ld\n", text, max);
		exit(EXIT_USAGE);
	}
	return n;
}

static void
read_options(int argc, char *argv[])
{
	int option;

	while ((option = getopt(argc, argv, "p:c:n:s:b:m:M:w:t:a:")) != -1) {
		if (option == 'p')
			options.port = (int)number(optarg, 65535);
		else if (option == 'c')
			options.connections =
			    (int)number(optarg, CONNECTIONS_MAX);
		else if (option == 'n')
			options.requests = number(optarg, 10000000);
		else if (option == 's')
			options.seconds = number(optarg, SECONDS_MAX);
		else if (option == 'b')
			options.burst = (int)number(optarg, 1000000);
		else if (option == 'm')
			options.min_ms = (int)number(optarg, 10000);
		else if (option == 'M')
			options.max_ms = (int)number(optarg, 10000);
		else if (option == 'w')
			options.writes = (int)number(optarg, 100);
		else if (option == 't')
			options.token = optarg;
		else if (option == 'a')
			options.acknowledged = fopen(optarg, "w");
		else
			exit(EXIT_USAGE);
	}
	if (optind != argc - 1 || options.port == 0 ||
	    (options.writes > 0 &&
	        (options.token == NULL || options.acknowledged == NULL))) {
		fprintf(stderr, "burst: see the head of tests/burst.c\n");
		exit(EXIT_USAGE);
	}
	options.path = argv[optind];
}

int
main(int argc, char *argv[])
{
	read_options(argc, argv);
	signal(SIGTERM, on_end);
	for (int i = 0; i < options.connections; i++) {
		connections[i].fd = -1;
		reconnect(&connections[i]);
	}
	load();
	printf("gets %ld failed %ld posts %ld failed %ld slowest_ms %lld\n",
	    gets, failed_gets, posts, failed_posts,
	    (long long)(slowest_ns / 1000000));
	return EXIT_OK;
}
