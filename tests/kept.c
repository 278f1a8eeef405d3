/* SPDX-License-Identifier: MIT */
/*
 * kept -- the program under mayfly-hold in tests/hold.sh, on runtime/fdstore.
 *
 *	kept serve SOCKET	listens there, keeps the listener as "door" and
 *				a memfd that counts its starts as "page"
 *	kept die CODE FOLDER	the first time in FOLDER exits with CODE, then
 *				is ready and waits
 *	kept ask SOCKET WORD...	sends a command, prints the answer
 *	kept load SOCKET FILE	asks each millisecond until FILE is there;
 *				prints how many were answered, cut, refused
 *	kept slow SOCKET LINE	sends half a line, says so, waits 0.3 s, sends
 *				the other half, and prints the answer
 *	kept claim SOCKET NAME	as a stranger: sends to that NOTIFY_SOCKET
 *
 * Commands: see commands[].
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fdstore.h"
#include "log.h"
#include "loop.h"

enum {
	LINE_BYTES = 256,
	ANSWER_BYTES = 1 << 20,
	PATIENCE_MS = 15000, /* of a client */
	SLOW_MS = 300,
};

static char answer[ANSWER_BYTES], *put_at = answer;
static char given[ANSWER_BYTES];
static char notify_socket[128];
static char **own_argv;
static int page = -1;
static struct watch door = {.fd = -1};

static void PRINTF_LIKE(1, 2) put(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(
	    put_at, (size_t)(answer + sizeof(answer) - put_at), fmt, args);
	va_end(args);
	put_at += n;
}

static NORETURN void
give_up(const char *what)
{
	perror(what);
	exit(EXIT_SYSTEM);
}

static int
unix_socket(const char *path, struct sockaddr_un *address, int type)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(address->sun_path, sizeof(address->sun_path), "%.*s",
	    (int)sizeof(address->sun_path) - 1, path);
	if (fd < 0)
		give_up("socket");
	return fd;
}

/* ---- what it does when asked ---- */

static void
say_ping(const char *word)
{
	char starts = '?';

	(void)word;
	(void)!pread(page, &starts, 1, 0);
	put("pong %d %c", (int)getpid(), starts);
}

static void
say_given(const char *word)
{
	(void)word;
	put("%s", given);
}

/* What is open of files with a path: it has none. */
static void
say_strange(const char *word)
{
	char link[64], to[256];
	ssize_t n;

	(void)word;
	for (int fd = 3; fd < 20000; fd++) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, to, sizeof(to) - 1);
		to[n > 0 ? n : 0] = '\0';
		if (to[0] == '/' && strncmp(to, "/memfd:kept", 11) != 0)
			put("%d %s\n", fd, to);
	}
	put(".");
}

/* Where what was handed over is, and whether it is passed on. */
static void
say_numbers(const char *word)
{
	(void)word;
	put("%s",
	    door.fd >= FDSTORE_FIRST && page >= FDSTORE_FIRST ? "high" : "low");
	put(" %s",
	    (fcntl(door.fd, F_GETFD) & FD_CLOEXEC) != 0 ? "closed" : "open");
}

static void
do_keep(const char *word)
{
	int fd = memfd_create("kept", MFD_CLOEXEC);

	put("%s", fd >= 0 && fdstore_keep(word, fd) ? "kept" : "not kept");
}

static void
do_many(const char *word)
{
	char name[40];
	int n = (int)strtol(word, NULL, 10), kept = 0, fd;

	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "0123456789ab.%017d", i);
		fd = memfd_create("kept", MFD_CLOEXEC);
		kept += fd >= 0 && fdstore_keep(name, fd);
	}
	put("kept %d", kept);
}

/* The same descriptor once more. */
static void
do_again(const char *word)
{
	(void)word;
	fdstore_keep("page", page);
	fdstore_keep("page", page);
	put("kept");
}

static void
do_forget(const char *word)
{
	fdstore_forget(word);
	put("forgotten");
}

/* Kept, and taken back before it is closed. */
static void
do_back(const char *word)
{
	int fd = memfd_create("kept", MFD_CLOEXEC);

	put("%s", fdstore_keep(word, fd) ? "kept" : "not kept");
	fdstore_forget(word);
	close(fd);
}

static void
say_sent(const char *word)
{
	(void)word;
	put("%s", fdstore_sent() ? "sent" : "waits");
}

static void
do_quit(const char *word)
{
	_exit((int)strtol(word, NULL, 10));
}

/* A child that says something in our name; then one that stays. */
static void
do_child(const char *word)
{
	struct sockaddr_un a;
	char text[128];
	int fd;

	if (fork() != 0) {
		put("started");
		return;
	}
	fd = unix_socket(notify_socket, &a, SOCK_DGRAM);
	a.sun_path[0] = '\0';
	snprintf(text, sizeof(text), "FDSTOREREMOVE=1\nFDNAME=%s", word);
	sendto(fd, text, strlen(text), 0, (struct sockaddr *)&a,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
	                strlen(notify_socket)));
	_exit(0);
}

static void
do_orphan(const char *word)
{
	pid_t pid = fork();

	if (pid == 0) {
		for (int fd = 3; fd < 64; fd++)
			close(fd);
		sleep((unsigned)strtol(word, NULL, 10));
		_exit(0);
	}
	put("%d", (int)pid);
}

static void
do_exec(const char *word)
{
	struct fdstore_item list[3] = {
	    {door.fd, "door"}, {page, "page"}, {STDERR_FILENO, "only-here"}};
	static char name[] = "kept";

	list[2].fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 100);
	own_argv[0] = name;
	if (!fdstore_exec(word, own_argv, list, 3))
		put("%s, %s", strerror(errno),
		    (fcntl(page, F_GETFD) & FD_CLOEXEC) != 0 ? "as before"
		                                             : "open");
	close(list[2].fd);
}

static void
say_environment(const char *word)
{
	static const char *const names[] = {"LISTEN_FDS", "LISTEN_PID",
	    "LISTEN_FDNAMES", "NOTIFY_SOCKET", "MAYFLY_INHERIT"};

	(void)word;
	for (size_t i = 0; i < LENGTH(names); i++)
		put("%s", getenv(names[i]) != NULL ? names[i] : "");
	put(".");
}

static void
say_socket(const char *word)
{
	(void)word;
	put("%s", notify_socket);
}

static const struct {
	const char *word;
	void (*run)(const char *word);
} commands[] = {
    {"again", do_again},
    {"back", do_back},
    {"child", do_child},
    {"environment", say_environment},
    {"exec", do_exec},
    {"forget", do_forget},
    {"given", say_given},
    {"keep", do_keep},
    {"many", do_many},
    {"numbers", say_numbers},
    {"orphan", do_orphan},
    {"ping", say_ping},
    {"quit", do_quit},
    {"sent", say_sent},
    {"socket", say_socket},
    {"strange", say_strange},
};

static void
on_door(void *owner, uint32_t events)
{
	char line[LINE_BYTES], *word;
	ssize_t n;
	int fd;

	(void)owner;
	(void)events;
	fd = accept4(door.fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, line, sizeof(line) - 1);
	line[n > 0 ? n : 0] = '\0';
	word = strchr(line, ' ');
	if (word != NULL)
		*word++ = '\0';
	put_at = answer;
	for (size_t i = 0; i < LENGTH(commands); i++) {
		if (strcmp(commands[i].word, line) == 0)
			commands[i].run(word != NULL ? word : "");
	}
	(void)!write(fd, answer, (size_t)(put_at - answer));
	close(fd);
}

static void
open_door(const char *path)
{
	struct sockaddr_un a;

	door.on_event = on_door;
	door.fd = fdstore_take("door");
	if (door.fd < 0) {
		door.fd = unix_socket(path, &a, SOCK_STREAM | SOCK_NONBLOCK);
		unlink(path);
		if (bind(door.fd, (struct sockaddr *)&a, sizeof(a)) != 0 ||
		    listen(door.fd, 4096) != 0)
			give_up(path);
		fdstore_keep("door", door.fd);
	}
	if (!loop_add(&door, EPOLLIN))
		give_up("epoll");
}

static void
count_start(void)
{
	char starts = '0';

	page = fdstore_take("page");
	if (page < 0) {
		page = memfd_create("kept-page", MFD_CLOEXEC);
		fdstore_keep("page", page);
	}
	(void)!pread(page, &starts, 1, 0);
	starts++;
	(void)!pwrite(page, &starts, 1, 0);
}

static void
begin(void)
{
	const char *socket_name = getenv("NOTIFY_SOCKET");
	const char *n = getenv("LISTEN_FDS");

	snprintf(given, sizeof(given), "%s:", n != NULL ? n : "0");
	signal(SIGCHLD, SIG_IGN);
	log_open("kept", LOG_INFO);
	if (socket_name != NULL)
		snprintf(
		    notify_socket, sizeof(notify_socket), "%s", socket_name);
	if (!fdstore_open() || !loop_open())
		give_up("fdstore_open");
}

static void
run_loop(void)
{
	for (;;)
		loop_wait(fdstore_tick(INT64_MAX));
}

static int
serve(const char *path)
{
	begin();
	for (int i = 0; fdstore_name(i) != NULL; i++)
		snprintf(given + strlen(given), 64, " %s", fdstore_name(i));
	open_door(path);
	count_start();
	fdstore_status("serving");
	fdstore_ready();
	run_loop();
	return 0;
}

static int
die_first(const char *code, const char *folder)
{
	char path[256];

	begin();
	snprintf(path, sizeof(path), "%s/died", folder);
	if (access(path, F_OK) != 0) {
		close(open(path, O_CREAT | O_WRONLY, 0600));
		if (*code == '-')
			raise(SIGKILL);
		return (int)strtol(code, NULL, 10);
	}
	fdstore_ready();
	run_loop();
	return 0;
}

/* ---- clients ---- */

/* The bytes of the answer; 0 when it was cut, -1 when it was refused. */
static ssize_t
ask(const char *path, const char *line)
{
	struct sockaddr_un a;
	int fd = unix_socket(path, &a, SOCK_STREAM);
	struct pollfd p = {.fd = fd, .events = POLLIN};
	ssize_t n, len = 0;

	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
		close(fd);
		return -1;
	}
	(void)!send(fd, line, strlen(line), MSG_NOSIGNAL);
	do {
		n = poll(&p, 1, PATIENCE_MS) == 1
		        ? read(fd, answer + len, sizeof(answer) - (size_t)len)
		        : 0;
		len += n > 0 ? n : 0;
	} while (n > 0);
	close(fd);
	return len;
}

static int
ask_once(const char *path, int argc, char *argv[])
{
	char line[LINE_BYTES];
	ssize_t n;

	snprintf(line, sizeof(line), "%s%s%s", argv[0], argc > 1 ? " " : "",
	    argc > 1 ? argv[1] : "");
	n = ask(path, line);
	if (n < 0)
		puts("refused");
	else
		printf("%.*s\n", (int)n, answer);
	return n < 0;
}

static int
load(const char *path, const char *until)
{
	int answered = 0, cut = 0, refused = 0;
	ssize_t n;

	while (access(until, F_OK) != 0) {
		n = ask(path, "ping");
		answered += n > 0;
		cut += n == 0;
		refused += n < 0;
		poll(NULL, 0, 1);
	}
	printf("%d %d %d\n", answered, cut, refused);
	return 0;
}

static int
ask_slowly(const char *path, const char *line)
{
	struct sockaddr_un a;
	int fd = unix_socket(path, &a, SOCK_STREAM);
	size_t half = strlen(line) / 2;
	ssize_t n;

	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		give_up(path);
	(void)!send(fd, line, half, MSG_NOSIGNAL);
	puts("half");
	fflush(stdout);
	poll(NULL, 0, SLOW_MS);
	(void)!send(fd, line + half, strlen(line) - half, MSG_NOSIGNAL);
	(void)!send(fd, "\n", 1, MSG_NOSIGNAL);
	do {
		n = read(fd, answer, sizeof(answer));
		printf("%.*s", n > 0 ? (int)n : 0, answer);
	} while (n > 0);
	close(fd);
	return 0;
}

static int
claim(const char *socket_name, const char *name)
{
	snprintf(notify_socket, sizeof(notify_socket), "%s", socket_name);
	do_child(name);
	poll(NULL, 0, 100);
	return 0;
}

int
main(int argc, char *argv[])
{
	const char *mode = argc > 2 ? argv[1] : "";

	own_argv = argv;
	if (strcmp(mode, "serve") == 0)
		return serve(argv[2]);
	if (strcmp(mode, "die") == 0 && argc > 3)
		return die_first(argv[2], argv[3]);
	if (strcmp(mode, "ask") == 0 && argc > 3)
		return ask_once(argv[2], argc - 3, argv + 3);
	if (strcmp(mode, "load") == 0 && argc > 3)
		return load(argv[2], argv[3]);
	if (strcmp(mode, "slow") == 0 && argc > 3)
		return ask_slowly(argv[2], argv[3]);
	if (strcmp(mode, "claim") == 0 && argc > 3)
		return claim(argv[2], argv[3]);
	fputs("usage: kept serve|die|ask|load|slow|claim ...\n", stderr);
	return EXIT_USAGE;
}
