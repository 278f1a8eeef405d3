/* SPDX-License-Identifier: MIT */
/*
 * test-log -- base/log: whatever is logged, each line is one JSON object in
 * valid UTF-8 of at most LOG_LINE_MAX bytes: control characters, bytes that are
 * no UTF-8, texts that are cut at every place of a character.  And nobody waits
 * for who reads it: a pipe, a FIFO, a socket that is full, or has no reader.
 */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json_in.h"
#include "tap.h"
#include "utf8.h"

static int ends[2]; /* of the pipe that is standard error here */
static char line[4 * LOG_LINE_MAX];
static size_t line_len;

/* Log msg, and read the line back; its "msg", or NULL when it is no line.  The
 * text lives until the next call. */
static const char *
logged(const char *msg)
{
	static struct json_object *root;
	struct json_object *value;
	ssize_t n;

	json_object_put(root);
	root = NULL;
	log_error("%s", msg);
	n = read(ends[0], line, sizeof(line) - 1);
	line_len = n > 0 ? (size_t)n : 0;
	line[line_len] = '\0';
	if (line_len == 0 || line_len > LOG_LINE_MAX ||
	    line[line_len - 1] != '\n' || strlen(line) != line_len ||
	    strchr(line, '\n') != line + line_len - 1 ||
	    utf8_length(line, line_len) < 0 ||
	    json_in_parse(line, line_len, &root) != JSON_IN_OK ||
	    !json_object_object_get_ex(root, "msg", &value))
		return NULL;
	return json_object_get_string(value);
}

static void
test_as_given(void)
{
	static const char *const texts[] = {"", "x", "a \"quoted\" \\ text",
	    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "a\tb\nc\rd\x01\x1f\x7f"};

	for (size_t i = 0; i < LENGTH(texts); i++)
		tap_is_text(logged(texts[i]), texts[i], "text %zu", i);
}

static void
test_control(void)
{
	char text[1001];
	const char *got;

	memset(text, 1, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	got = logged(text);
	tap_ok(got != NULL && strncmp(got, text, 500) == 0,
	    "1,000 control characters are not lost");
	tap_ok(got != NULL && strlen(got) > 3 &&
	           strcmp(got + strlen(got) - 3, "...") == 0,
	    "and it says that there were more");
}

/* Characters of 2, 3 and 4 bytes, and the cut at each of their bytes. */
static void
test_cut(void)
{
	static const char *const characters[] = {
	    "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
	static char text[2 * LOG_LINE_MAX];
	int bad = 0;

	for (size_t i = 0; i < LENGTH(characters); i++) {
		size_t n = strlen(characters[i]);

		for (size_t before = 0; before < 8; before++) {
			size_t at = before;

			memset(text, 'x', before);
			for (; at + n < sizeof(text); at += n)
				memcpy(text + at, characters[i], n);
			text[at] = '\0';
			if (logged(text) == NULL || line_len < LOG_LINE_MAX - 8)
				bad++;
		}
	}
	tap_is_int(bad, 0, "a long text is cut between two characters");
}

static void
test_bytes(void)
{
	char text[8] = "a?b";
	int bad = 0;

	for (int c = 0x80; c < 0x100; c++) {
		text[1] = (char)c;
		if (logged(text) == NULL)
			bad++;
	}
	tap_is_int(bad, 0, "each byte that is no UTF-8 alone");
	tap_is_text(logged("\xed\xa0\x80"),
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "a surrogate is replaced");
	tap_ok(logged("\xc0\x80\xf4\x90\x80\x80\xff") != NULL,
	    "overlong forms, and beyond U+10FFFF");
}

static void
test_names(void)
{
	static char long_id[2 * LOG_LINE_MAX];

	log_request("an \"id\"\n\xff");
	tap_is_text(logged("x"), "x", "an id that is no id");
	memset(long_id, '\x01', sizeof(long_id) - 1);
	log_request(long_id);
	tap_is_text(logged("x"), "x", "an id longer than a line");
	log_open(long_id, LOG_INFO);
	tap_is_text(logged("x"), "x", "and a name");
	log_request(NULL);
}

/* ---- nobody reads ---- */

enum {
	MANY = 100000,  /* lines: more than a pipe or a socket takes */
	WRITERS = 4,    /* into one pipe */
	BLOCKED_S = 20, /* who still writes by then waits for ever */
};

/* Log MANY lines in a child, into fd, until all are out or dropped.  How the
 * child ended: 0 when it did not wait, and saw no signal. */
static int
log_many(int fd)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		alarm(BLOCKED_S);
		dup2(fd, STDERR_FILENO);
		for (int i = 0; i < MANY; i++)
			log_error("line %d", i);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	return status;
}

static void
empty(int fd)
{
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (read(fd, line, sizeof(line)) > 0)
		continue;
	fcntl(fd, F_SETFL, 0);
}

/* What is full drops lines, and says so when it has room again. */
static void
test_full(int in, int out, const char *what)
{
	int saved = dup(STDERR_FILENO), shared;
	char *second;
	ssize_t n;

	tap_is_int(log_many(out), 0, "%s that nobody reads: no wait", what);
	shared = fcntl(out, F_GETFL);
	tap_is_int(shared & O_NONBLOCK, 0, "%s: as it was for others", what);
	dup2(out, STDERR_FILENO);
	log_error("lost");
	log_error("lost, too");
	empty(in);
	log_error("after");
	/* A socket gives each line by itself. */
	n = read(in, line, sizeof(line) - 1);
	if (n > 0 && strstr(line, "after") == NULL)
		n += read(in, line + n, sizeof(line) - 1 - (size_t)n);
	line[n > 0 ? n : 0] = '\0';
	second = strchr(line, '\n');
	tap_ok(strstr(line, "2 lines of the log were dropped") != NULL &&
	           second != NULL && strstr(second, "\"after\"") != NULL,
	    "%s: the next line that fits says how many were lost", what);
	log_error("once");
	n = read(in, line, sizeof(line) - 1);
	line[n > 0 ? n : 0] = '\0';
	tap_ok(strstr(line, "dropped") == NULL && strstr(line, "once") != NULL,
	    "%s: once", what);
	dup2(saved, STDERR_FILENO);
	close(saved);
}

/* Another may fill it between a look and the write. */
static void
test_many_writers(void)
{
	int pair[2], status, bad = 0;
	pid_t writers[WRITERS], reader;

	if (pipe(pair) != 0)
		return;
	reader = fork();
	if (reader == 0) {
		close(pair[1]);
		/* Slower than they write, so that it is full most of the
		 * time. */
		while (read(pair[0], line, 100) > 0)
			continue;
		_exit(0);
	}
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = fork();
		if (writers[i] == 0)
			_exit(log_many(pair[1]) == 0 ? 0 : 1);
	}
	for (int i = 0; i < WRITERS; i++) {
		if (waitpid(writers[i], &status, 0) != writers[i] ||
		    status != 0)
			bad++;
	}
	close(pair[1]);
	kill(reader, SIGKILL);
	waitpid(reader, NULL, 0);
	close(pair[0]);
	tap_is_int(bad, 0, "several writers into one pipe: none waits");
}

static void
test_no_reader(void)
{
	int pair[2];

	if (pipe(pair) != 0)
		return;
	close(pair[0]);
	tap_is_int(log_many(pair[1]), 0, "a pipe without reader: no SIGPIPE");
	close(pair[1]);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		return;
	close(pair[0]);
	tap_is_int(log_many(pair[1]), 0, "nor for a socket without");
	close(pair[1]);
	tap_is_int(log_many(-1), 0, "nor where standard error is closed");
}

static void
test_nobody_reads(void)
{
	int pair[2];

	if (pipe(pair) == 0)
		test_full(pair[0], pair[1], "a pipe");
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0)
		test_full(pair[0], pair[1], "a socket");
	test_many_writers();
	test_no_reader();
}

int
main(void)
{
	if (pipe(ends) != 0 || dup2(ends[1], STDERR_FILENO) < 0)
		return EXIT_SYSTEM;
	log_open("test", LOG_INFO);
	test_as_given();
	test_control();
	test_cut();
	test_bytes();
	test_names();
	log_open("test", LOG_INFO);
	test_nobody_reads();
	return tap_done();
}
