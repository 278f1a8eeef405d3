/* SPDX-License-Identifier: MIT */
/*
 * first-byte -- how long until the first byte of an answer has come.
 *
 *	first-byte PORT PATH
 *		from before connect()
 *	first-byte PORT PATH COMMAND [ARG...]
 *		from before fork(): start COMMAND, connect until it listens,
 *		end it
 *
 * Asks 127.0.0.1 for PATH once.  The answer is read to its end and must be a
 * 200: a fast error proves nothing.  Everything together takes at most
 * LIMIT_MS.  Exit: 0 measured, 100 usage, 111 failed.  Prints
 *
 *	MICROSECONDS CPU_MICROSECONDS PSS_KIB
 *
 * where the last two are of COMMAND: CPU time of its life, memory after the
 * answer; 0 without one.
 *
 * Trying to connect costs the command next to nothing: a refused connection on
 * the loopback takes some 20 us of each RETRY_US.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	EXIT_USAGE = 100,
	EXIT_FAILED = 111,
	LIMIT_MS = 15000,
	STOP_MS = 5000, /* for the command to leave after SIGTERM */
	RETRY_US = 200,
	REQUEST_BYTES = 1024,
	BUFFER_BYTES = 65536,
};

static const char ok[] = "HTTP/1.1 200 ";
static pid_t child;

static int64_t
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
pause_us(long us)
{
	const struct timespec t = {.tv_nsec = us * 1000};

	(void)nanosleep(&t, NULL);
}

/* The whole group, since the command may have started more. */
static void
stop_child(void)
{
	int64_t deadline = now_us() + (int64_t)STOP_MS * 1000;

	if (child <= 0)
		return;
	(void)kill(-child, SIGTERM);
	while (waitpid(child, NULL, WNOHANG) == 0 && now_us() < deadline)
		pause_us(1000);
	(void)kill(-child, SIGKILL);
	(void)waitpid(child, NULL, 0);
}

static _Noreturn void
fail(const char *what)
{
	fprintf(stderr, "first-byte: %s\n", what);
	stop_child();
	exit(EXIT_FAILED);
}

/* KiB; a page shared by n processes counts as 1/n of it. */
static long
child_pss(void)
{
	char path[64], line[256];
	long kib = 0;
	FILE *f;

	if (child <= 0)
		return 0;
	(void)snprintf(
	    path, sizeof(path), "/proc/%ld/smaps_rollup", (long)child);
	f = fopen(path, "re");
	if (f == NULL)
		fail(strerror(errno));
	while (fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, "Pss:", 4) == 0)
			kib = strtol(line + 4, NULL, 10);
	}
	(void)fclose(f);
	return kib;
}

static int64_t
microseconds(struct timeval t)
{
	return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

static void
start_child(char *const command[])
{
	child = fork();
	if (child < 0)
		fail(strerror(errno));
	if (child == 0) {
		(void)setpgid(0, 0);
		(void)dup2(STDERR_FILENO, STDOUT_FILENO);
		(void)execvp(command[0], command);
		_exit(127);
	}
	(void)setpgid(child, child); /* whichever of the two is first */
}

static int
connect_once(uint16_t port)
{
	struct sockaddr_in to = {
	    .sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		fail(strerror(errno));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

static int
connect_until(uint16_t port, int64_t deadline)
{
	int fd;

	for (;;) {
		fd = connect_once(port);
		if (fd >= 0)
			return fd;
		if (child == 0)
			fail(strerror(errno));
		if (waitpid(child, NULL, WNOHANG) == child) {
			child = 0;
			fail("the command has ended");
		}
		if (now_us() > deadline)
			fail("nobody listens");
		pause_us(RETRY_US);
	}
}

/* Bytes read, 0 at the end. */
static size_t
receive(int fd, char *buffer, size_t size, int64_t deadline)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int64_t left = (deadline - now_us()) / 1000;
	ssize_t n;

	if (left <= 0 || poll(&p, 1, (int)left) != 1)
		fail("no answer in time");
	n = read(fd, buffer, size);
	if (n < 0)
		fail(strerror(errno));
	return (size_t)n;
}

/* Send the request; return when the first byte was here.  Reads the rest. */
static int64_t
ask(int fd, const char *path, int64_t deadline)
{
	static char request[REQUEST_BYTES], buffer[BUFFER_BYTES];
	size_t have = 0, n;
	int64_t first = 0;
	int len;

	len = snprintf(request, sizeof(request),
	    "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
	    path);
	if (len < 0 || (size_t)len >= sizeof(request))
		fail("the path is too long");
	if (write(fd, request, (size_t)len) != len)
		fail("the request could not be sent");
	do {
		if (have == sizeof(buffer))
			fail("the answer is too long");
		n = receive(fd, buffer + have, sizeof(buffer) - have, deadline);
		if (first == 0)
			first = now_us();
		have += n;
	} while (n > 0);
	if (have < sizeof(ok) - 1 || memcmp(buffer, ok, sizeof(ok) - 1) != 0)
		fail("the answer is not a 200");
	return first;
}

int
main(int argc, char *argv[])
{
	int64_t begin, first;
	struct rusage used;
	char *end = NULL;
	long port = 0, pss;
	int fd;

	if (argc >= 3)
		port = strtol(argv[1], &end, 10);
	if (end == NULL || *end != '\0' || port < 1 || port > UINT16_MAX) {
		fprintf(
		    stderr, "usage: first-byte PORT PATH [COMMAND ARG...]\n");
		return EXIT_USAGE;
	}
	begin = now_us();
	if (argc > 3)
		start_child(argv + 3);
	fd = connect_until((uint16_t)port, begin + (int64_t)LIMIT_MS * 1000);
	first = ask(fd, argv[2], begin + (int64_t)LIMIT_MS * 1000);
	(void)close(fd);
	pss = child_pss();
	stop_child();
	(void)getrusage(RUSAGE_CHILDREN, &used);
	printf("%lld %lld %ld\n", (long long)(first - begin),
	    (long long)(microseconds(used.ru_utime) +
	                microseconds(used.ru_stime)),
	    pss);
	return 0;
}
