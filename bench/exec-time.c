/* SPDX-License-Identifier: MIT */
/*
 * exec-time -- how long a program lives, from before fork() to its exit.
 *
 *	exec-time COUNT TEXT PROGRAM
 *
 * Runs PROGRAM (no arguments, this environment, empty input) COUNT times, one
 * after the other.  What it prints is read to the end, must begin with TEXT,
 * and it must exit with 0.  Prints a line for each run:
 *
 *	MICROSECONDS CPU_MICROSECONDS MAXRSS_KIB
 *
 * A program that takes longer than LIMIT_S ends the whole.  Exit: 0 measured,
 * 100 usage, 111 failed.
 */
#define _GNU_SOURCE /* pipe2(2) */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	EXIT_USAGE = 100,
	EXIT_FAILED = 111,
	LIMIT_S = 10,
	COUNT_MAX = 100000,
	BUFFER_BYTES = 65536,
};

static _Noreturn void
fail(const char *what)
{
	fprintf(stderr, "exec-time: %s\n", what);
	exit(EXIT_FAILED);
}

static int64_t
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t
microseconds(struct timeval t)
{
	return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

static pid_t
start(char *program, int input, int output)
{
	char *const args[] = {program, NULL};
	pid_t pid;

	pid = fork();
	if (pid < 0)
		fail(strerror(errno));
	if (pid == 0) {
		(void)alarm(LIMIT_S);
		if (dup2(input, STDIN_FILENO) < 0 ||
		    dup2(output, STDOUT_FILENO) < 0)
			_exit(127);
		(void)execv(program, args);
		_exit(127);
	}
	return pid;
}

/* To the end; only what fits is kept. */
static size_t
read_all(int fd, char *buffer, size_t size)
{
	char rest[BUFFER_BYTES];
	size_t have = 0;
	ssize_t n;

	do {
		n = have < size ? read(fd, buffer + have, size - have)
		                : read(fd, rest, sizeof(rest));
		if (n < 0)
			fail(strerror(errno));
		if (have < size)
			have += (size_t)n;
	} while (n > 0);
	return have;
}

static void
run(char *program, const char *text, int input)
{
	char buffer[BUFFER_BYTES];
	struct rusage used;
	int64_t begin, end;
	int pipes[2], status;
	size_t len;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) != 0)
		fail(strerror(errno));
	begin = now_us();
	pid = start(program, input, pipes[1]);
	(void)close(pipes[1]);
	len = read_all(pipes[0], buffer, sizeof(buffer));
	if (wait4(pid, &status, 0, &used) != pid)
		fail(strerror(errno));
	end = now_us();
	(void)close(pipes[0]);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail("the program failed");
	if (len < strlen(text) || memcmp(buffer, text, strlen(text)) != 0)
		fail("the program printed something else");
	printf("%lld %lld %ld\n", (long long)(end - begin),
	    (long long)(microseconds(used.ru_utime) +
	                microseconds(used.ru_stime)),
	    used.ru_maxrss);
}

int
main(int argc, char *argv[])
{
	char *end = NULL;
	long count = 0;
	int input;

	if (argc == 4)
		count = strtol(argv[1], &end, 10);
	if (end == NULL || *end != '\0' || count < 1 || count > COUNT_MAX) {
		fprintf(stderr, "usage: exec-time COUNT TEXT PROGRAM\n");
		return EXIT_USAGE;
	}
	input = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (input < 0)
		fail(strerror(errno));
	for (long n = 0; n < count; n++)
		run(argv[3], argv[2], input);
	return fflush(stdout) == 0 ? 0 : EXIT_FAILED;
}
