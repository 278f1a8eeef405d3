/* SPDX-License-Identifier: MIT */
/*
 * test-fastcgi -- a function behind raw FastCGI records: bodies with and
 * without a length, longer and shorter than it, cut off, too large; and what
 * is no FastCGI at all.  The function is user-login, run as under mod_fcgid.
 */
#include <fastcgi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record.h"
#include "tap.h"

enum {
	BODY_MAX = 64 * 1024, /* of user-login */
	CHUNK = 8000,         /* content of one FCGI_STDIN record */
	WAIT_S = 10,          /* for a reply, at most */
};

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static char request[4 * BODY_MAX], reply[16 * 1024];
static size_t request_len;

static void
add(int type, const void *content, size_t len)
{
	unsigned char *at = (unsigned char *)request + request_len;

	record_stdout(at, 1, len);
	at[1] = (unsigned char)type;
	memcpy(at + RECORD_HEADER_BYTES, content, len);
	request_len += RECORD_HEADER_BYTES + len;
}

static void
add_variable(const char *name, const char *value)
{
	char pair[256];
	size_t n = strlen(name), v = strlen(value);

	pair[0] = (char)n; /* both are below 128 */
	pair[1] = (char)v;
	memcpy(pair + 2, name, n);
	memcpy(pair + 2 + n, value, v);
	add(FCGI_PARAMS, pair, 2 + n + v);
}

/* A POST with this CONTENT_LENGTH, NULL for none, up to the body. */
static void
begin(const char *length, int more_variables)
{
	static const char body[8] = {0, FCGI_RESPONDER};
	char name[32];

	request_len = 0;
	add(FCGI_BEGIN_REQUEST, body, sizeof(body));
	add_variable("REQUEST_METHOD", "POST");
	add_variable("CONTENT_TYPE", "application/json");
	if (length != NULL)
		add_variable("CONTENT_LENGTH", length);
	for (int i = 0; i < more_variables; i++) {
		snprintf(name, sizeof(name), "X_%d", i);
		add_variable(name, "x");
	}
	add(FCGI_PARAMS, "", 0);
}

/* {} and spaces up to len bytes. */
static void
add_body(size_t len)
{
	static char body[2 * BODY_MAX];
	size_t sent = 0, n;

	memset(body, ' ', len);
	memcpy(body, "{}", len < 2 ? len : 2);
	for (; sent < len; sent += n) {
		n = len - sent < CHUNK ? len - sent : CHUNK;
		add(FCGI_STDIN, body + sent, n);
	}
}

/* Send the request, read all of the reply; cut: say no more after it. */
static const char *
ask(bool cut)
{
	const struct timeval wait = {.tv_sec = WAIT_S};
	size_t len = 0;
	ssize_t n;
	int fd;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) !=
	        0 ||
	    send(fd, request, request_len, MSG_NOSIGNAL) !=
	        (ssize_t)request_len) {
		close(fd);
		return "not sent";
	}
	if (cut)
		shutdown(fd, SHUT_WR);
	do {
		n = read(fd, reply + len, sizeof(reply) - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	close(fd);
	if (n < 0)
		return "reset";
	/* The text between the records' headers, which hold NUL. */
	for (size_t i = 0; i < len; i++)
		if (reply[i] == '\0')
			reply[i] = ' ';
	reply[len] = '\0';
	return len == 0 ? "closed" : reply;
}

static void
is_refused(
    const char *got, const char *status, const char *text, const char *name)
{
	bool good = strstr(got, status) != NULL && strstr(got, text) != NULL;

	tap_ok(good, "%s", name);
	if (!good)
		printf("# got %s, want %s and %s\n", got, status, text);
}

static void
test_bodies(void)
{
	static const struct {
		const char *name, *length;
		size_t body;
		bool cut;
		const char *status, *text;
	} rows[] = {
	    {"a body of its length", "2", 2, false, "422", "\"user\""},
	    {"without a length", NULL, 2, false, "422", "\"user\""},
	    {"of an empty length", "", 2, false, "422", "\"user\""},
	    {"none at all", NULL, 0, false, "400", "\"body\""},
	    {"of a buffer", "16384", 16384, false, "422", "\"user\""},
	    {"a byte more", "16385", 16385, false, "422", "\"user\""},
	    {"as much as may be", "65536", BODY_MAX, false, "422", "\"user\""},
	    {"that, without a length", NULL, BODY_MAX, false, "422",
	        "\"user\""},
	    {"a byte more", "65537", BODY_MAX + 1, false, "413", "too large"},
	    {"that, without a length", NULL, BODY_MAX + 1, false, "413",
	        "too large"},
	    {"far more", NULL, 2 * BODY_MAX, false, "413", "too large"},
	    {"shorter than it says", "3", 2, false, "400", "Content-Length"},
	    {"longer than it says", "2", 3, false, "400", "Content-Length"},
	    {"cut off", "65536", 9000, true, "400", "Content-Length"},
	    {"cut off, without a length", NULL, 9000, true, "400",
	        "Content-Length"},
	    {"no number", "x", 2, false, "400", "Content-Length"},
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		begin(rows[i].length, 0);
		add_body(rows[i].body);
		if (!rows[i].cut)
			add(FCGI_STDIN, "", 0);
		is_refused(ask(rows[i].cut), rows[i].status, rows[i].text,
		    rows[i].name);
	}
}

static void
test_others(void)
{
	begin("2", 200);
	add_body(2);
	add(FCGI_STDIN, "", 0);
	is_refused(ask(false), "431", "too large", "200 variables");
	request_len = (size_t)snprintf(
	    request, sizeof(request), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	tap_is_text(ask(true), "closed", "HTTP is closed without a word");
	request_len = 0;
	tap_is_text(ask(true), "closed", "so is nothing");
	begin("2", 0);
	add_body(2);
	add(FCGI_STDIN, "", 0);
	is_refused(ask(false), "422", "\"user\"", "and the next is served");
}

/* The function with a listening socket as descriptor 0. */
static pid_t
start(const char *program, int listener)
{
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(listener, STDIN_FILENO);
		execl(program, program, (char *)NULL);
		_exit(EXIT_SYSTEM);
	}
	return pid;
}

int
main(void)
{
	const char *builddir = getenv("top_builddir");
	char program[256], folder[] = "/tmp/mayfly.XXXXXX";
	int listener, status = -1;
	pid_t pid;

	snprintf(program, sizeof(program), "%s/cgi-bin/user-login",
	    builddir != NULL ? builddir : ".");
	if (mkdtemp(folder) == NULL)
		return EXIT_SYSTEM;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/s", folder);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (const struct sockaddr *)&address,
	        sizeof(address)) != 0 ||
	    listen(listener, 16) != 0)
		return EXIT_SYSTEM;
	pid = start(program, listener);
	if (pid > 0) {
		test_bodies();
		test_others();
		kill(pid, SIGTERM);
		waitpid(pid, &status, 0);
	}
	tap_is_int(status, 0, "SIGTERM ends it, with 0");
	unlink(address.sun_path);
	rmdir(folder);
	return tap_done();
}
