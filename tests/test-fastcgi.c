/* SPDX-License-Identifier: MIT */
/*
 * test-fastcgi -- a function behind raw FastCGI records: bodies with and
 * without a length, longer and shorter than it, cut off, too large; what is no
 * request, and no FastCGI at all.  The function is user-login, run as under
 * mod_fcgid.  A request whose client has gone is not run, nor one that is older
 * than its deadline.  And a large reply,
 * which is whole or seen to be broken.
 */
#include <fcntl.h>
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
#include "stamp.h"
#include "tap.h"

enum {
	BODY_MAX = 64 * 1024, /* of user-login */
	CHUNK = 8000,         /* content of one FCGI_STDIN record */
	WAIT_S = 10,          /* for a reply, at most */
	LARGE = 40 * 1024 * 1024,
	GONE = 5,           /* requests that nobody waits for */
	DEADLINE_MS = 5000, /* of user-login */
	PAUSE_S = 5,        /* longer than GATEWAY_READ_TIMEOUT_S twice */
};

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static char request[4 * BODY_MAX], reply[16 * 1024];
static size_t request_len;
static pid_t server;
static char log_path[sizeof(address.sun_path)];

static void
add_to(unsigned id, int type, const void *content, size_t len)
{
	unsigned char *at = (unsigned char *)request + request_len;

	record_stdout(at, id, len);
	at[1] = (unsigned char)type;
	memcpy(at + RECORD_HEADER_BYTES, content, len);
	request_len += RECORD_HEADER_BYTES + len;
}

static void
add(int type, const void *content, size_t len)
{
	add_to(1, type, content, len);
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
	add(RECORD_PARAMS, pair, 2 + n + v);
}

static void
begin_post(void)
{
	static const char body[8] = {0, RECORD_RESPONDER};

	request_len = 0;
	add(RECORD_BEGIN_REQUEST, body, sizeof(body));
	add_variable("REQUEST_METHOD", "POST");
	add_variable("CONTENT_TYPE", "application/json");
}

/* A POST that was sent at this time, up to the body. */
static void
begin_at(const char *msec)
{
	begin_post();
	add_variable("MAYFLY_SENT_AT", msec);
	add(RECORD_PARAMS, "", 0);
}

/* A POST with this CONTENT_LENGTH, NULL for none, up to the body. */
static void
begin(const char *length, int more_variables)
{
	char name[32];

	begin_post();
	if (length != NULL)
		add_variable("CONTENT_LENGTH", length);
	for (int i = 0; i < more_variables; i++) {
		snprintf(name, sizeof(name), "X_%d", i);
		add_variable(name, "x");
	}
	add(RECORD_PARAMS, "", 0);
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
		add(RECORD_STDIN, body + sent, n);
	}
}

/* A connection over which the request has gone, in pieces of at most so many
 * bytes; or -1. */
static int
send_request(size_t most)
{
	const struct timeval wait = {.tv_sec = WAIT_S};
	size_t sent = 0, n;
	int fd;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) !=
	    0) {
		close(fd);
		return -1;
	}
	for (; sent < request_len; sent += n) {
		n = request_len - sent < most ? request_len - sent : most;
		if (send(fd, request + sent, n, MSG_NOSIGNAL) != (ssize_t)n) {
			close(fd);
			return -1;
		}
	}
	return fd;
}

/* All of the reply to it; cut: say no more after it. */
static const char *
ask_in_pieces(bool cut, size_t most)
{
	size_t len = 0;
	ssize_t n;
	int fd;

	fd = send_request(most);
	if (fd < 0)
		return "not sent";
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

static const char *
ask(bool cut)
{
	return ask_in_pieces(cut, SIZE_MAX);
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
			add(RECORD_STDIN, "", 0);
		is_refused(ask(rows[i].cut), rows[i].status, rows[i].text,
		    rows[i].name);
	}
}

static void
add_rest(void)
{
	add_body(2);
	add(RECORD_STDIN, "", 0);
}

static void
test_others(void)
{
	begin("2", 200);
	add_rest();
	is_refused(ask(false), "431", "too large", "200 variables");
	request_len = 0;
	add(RECORD_BEGIN_REQUEST, "\0\1\0\0\0\0\0\0", 8);
	add(RECORD_PARAMS, "\3\1A=Bc", 6);
	add(RECORD_PARAMS, "", 0);
	is_refused(ask(false), "400", "malformed", "a variable A=B");
	request_len = (size_t)snprintf(
	    request, sizeof(request), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	tap_is_text(ask(true), "closed", "HTTP is closed without a word");
	request_len = 0;
	tap_is_text(ask(true), "closed", "so is nothing");
	begin("2", 0);
	add_rest();
	is_refused(ask(false), "422", "\"user\"", "and the next is served");
	is_refused(
	    ask_in_pieces(false, 1), "422", "\"user\"", "also byte by byte");
}

/* What libfcgi died of, or did not understand. */
static void
test_management(void)
{
	static const char four[] = "\016\0FCGI_MAX_CONNS\015\0FCGI_MAX_REQS"
	                           "\017\0FCGI_MPXS_CONNS\016\0FCGI_MAX_CONNS";

	request_len = 0;
	add_to(0, RECORD_GET_VALUES, four, sizeof(four) - 1);
	is_refused(ask(true), "FCGI_MAX_CONNS1", "FCGI_MPXS_CONNS0",
	    "four names in FCGI_GET_VALUES");
	request_len = 0;
	for (int i = 0; i < 100; i++)
		add_to(0, 99, "x", 1);
	add(RECORD_BEGIN_REQUEST, "\0\2\0\0\0\0\0\0", 8);
	tap_is_int((int64_t)strlen(ask(false)), 101 * RECORD_REFUSAL_BYTES,
	    "100 unknown records and an unknown role are answered");
	request_len = 0;
	add(RECORD_BEGIN_REQUEST, "\0\1\0\0\0\0\0\0", 8);
	add(RECORD_PARAMS, "\xff\xff\xff\xfe\0x", 6);
	add(RECORD_PARAMS, "", 0);
	tap_is_text(ask(true), "closed", "a name of 2^31 - 2 bytes");
	begin("2", 0);
	add(RECORD_ABORT_REQUEST, "", 0);
	tap_is_int((int64_t)strlen(ask(false)), RECORD_REFUSAL_BYTES,
	    "a request that is given up is ended");
	begin("2", 0);
	add_rest();
	is_refused(ask(false), "422", "\"user\"", "and the next is served");
}

/* How many 'x' of a reply came, with a pause in the middle; -1 when it does not
 * end as it should. */
static int64_t
count_large(bool leave)
{
	static char bytes[256 * 1024];
	unsigned char end[RECORD_END_BYTES], last[RECORD_END_BYTES] = {0};
	int64_t count = 0, total = 0;
	ssize_t n, keep;
	int fd;

	request_len = 0;
	add(RECORD_BEGIN_REQUEST, "\0\1\0\0\0\0\0\0", 8);
	add_variable("REQUEST_METHOD", "GET");
	add_variable("QUERY_STRING", "bytes=41943040");
	add(RECORD_PARAMS, "", 0);
	add(RECORD_STDIN, "", 0);
	fd = send_request(SIZE_MAX);
	do {
		n = read(fd, bytes, sizeof(bytes));
		for (ssize_t i = 0; i < n; i++)
			count += bytes[i] == 'x';
		keep = n < RECORD_END_BYTES ? n : RECORD_END_BYTES;
		if (n > 0) {
			memmove(last, last + keep, sizeof(last) - (size_t)keep);
			memcpy(last + sizeof(last) - keep, bytes + n - keep,
			    (size_t)keep);
		}
		if (total < LARGE / 2 && total + n >= LARGE / 2) {
			if (leave)
				break;
			sleep(PAUSE_S);
		}
		total += n;
	} while (n > 0);
	close(fd);
	record_end(end, 1);
	return memcmp(end, last, sizeof(end)) == 0 ? count : -1;
}

static void
test_large(void)
{
	tap_ok(count_large(false) >= LARGE, "40 MiB arrive, after a pause");
	tap_is_int(count_large(true), -1, "a client leaves");
	tap_ok(count_large(false) >= LARGE, "the next gets its own");
}

/* How often the function has said that it has no database. */
static int
count_runs(void)
{
	char line[1024];
	int n = 0;
	FILE *from = fopen(log_path, "re");

	while (from != NULL && fgets(line, sizeof(line), from) != NULL)
		n += strstr(line, "DATABASE_URL") != NULL;
	if (from != NULL)
		fclose(from);
	return n;
}

/* The function stands still while clients come and go. */
static void
test_gone(void)
{
	static const char body[] =
	    "{\"user\":{\"email\":\"a\",\"password\":\"b\"}}";
	int before = count_runs();

	begin(NULL, 0);
	add(RECORD_STDIN, body, sizeof(body) - 1);
	add(RECORD_STDIN, "", 0);
	kill(server, SIGSTOP);
	for (int i = 0; i < GONE; i++)
		close(send_request(SIZE_MAX));
	kill(server, SIGCONT);
	is_refused(ask(false), "503", "database", "who waits is answered");
	tap_is_int(count_runs() - before, 1,
	    "of %d requests that nobody waits for, none is run", GONE);
	is_refused(ask(true), "503", "database",
	    "who sends no more, but waits, is answered, too");
}

/* What nginx says about when it sent a request: $msec. */
static void
test_late(void)
{
	static const char body[] =
	    "{\"user\":{\"email\":\"a\",\"password\":\"b\"}}";
	static const struct {
		const char *name;
		int64_t ago_ms; /* 0: the text instead */
		const char *text;
		bool run;
	} rows[] = {
	    {"sent just now", 1, NULL, true},
	    {"sent a second before its deadline", DEADLINE_MS - 1000, NULL,
	        true},
	    {"sent a second before that", DEADLINE_MS + 1000, NULL, false},
	    {"sent an hour ago", 3600 * 1000, NULL, false},
	    {"sent in the future", -3600 * 1000, NULL, true},
	    {"sent at no time", 0, "", true},
	    {"sent never", 0, "never", true},
	    {"sent with a sign", 0, "-1.000", true},
	    {"sent without a fraction", 0, "1", true},
	    {"sent with a longer one", 0, "1.0000", true},
	    {"sent too late for a number", 0, "9999999999999999999.000", true},
	};
	int before = count_runs(), run = 0;
	int64_t at_ms;
	char text[64];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		at_ms = stamp_unix_ms() - rows[i].ago_ms;
		snprintf(text, sizeof(text), "%lld.%03lld",
		    (long long)at_ms / 1000, (long long)at_ms % 1000);
		begin_at(rows[i].text != NULL ? rows[i].text : text);
		add(RECORD_STDIN, body, sizeof(body) - 1);
		add(RECORD_STDIN, "", 0);
		run += rows[i].run;
		if (rows[i].run)
			is_refused(ask(false), "503", "database", rows[i].name);
		else
			tap_is_text(ask(false), "closed", "%s", rows[i].name);
	}
	tap_is_int(count_runs() - before, run,
	    "what is older than its deadline is not run");
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
		dup2(open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
		         0600),
		    STDERR_FILENO);
		unsetenv("DATABASE_URL");
		execl(program, program, (char *)NULL);
		_exit(EXIT_SYSTEM);
	}
	return pid;
}

/* Run tests against a program. */
static void
against(const char *name, void (*const tests[])(void))
{
	const char *builddir = getenv("top_builddir");
	char program[256];
	int listener, status = -1;
	pid_t pid;

	snprintf(program, sizeof(program), "%s/%s",
	    builddir != NULL ? builddir : ".", name);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (const struct sockaddr *)&address,
	        sizeof(address)) != 0 ||
	    listen(listener, 16) != 0)
		exit(EXIT_SYSTEM);
	if (access(program, X_OK) != 0) { /* each question would wait */
		tap_ok(false, "%s is built", program);
		return;
	}
	server = pid = start(program, listener);
	for (; pid > 0 && *tests != NULL; tests++)
		(*tests)();
	if (pid > 0) {
		kill(pid, SIGTERM);
		waitpid(pid, &status, 0);
	}
	tap_is_int(status, 0, "SIGTERM ends %s, with 0", name);
	close(listener);
	unlink(address.sun_path);
}

int
main(void)
{
	char folder[] = "/tmp/mayfly.XXXXXX";

	if (mkdtemp(folder) == NULL)
		return EXIT_SYSTEM;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/s", folder);
	snprintf(log_path, sizeof(log_path), "%s/log", folder);
	against("cgi-bin/user-login",
	    (void (*const[])(void)){test_bodies, test_others, test_management,
	        test_gone, test_late, NULL});
	against("tests/fn/large", (void (*const[])(void)){test_large, NULL});
	unlink(log_path);
	rmdir(folder);
	return tap_done();
}
