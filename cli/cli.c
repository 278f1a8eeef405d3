/* SPDX-License-Identifier: MIT */
/* cli -- see cli.h: what the subcommands share. */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "buf.h"
#include "stamp.h"

enum {
	ANSWER_MAX_BYTES = 4 * 1024 * 1024,
	COLUMNS_MAX = 16,
};

const struct cli_exit_word cli_exit_words[] = {
    {CLI_OK, "done"},
    {CLI_FAILED, "failed"},
    {CLI_USAGE, "wrong use"},
    {CLI_NOT_FOUND, "not found"},
    {CLI_CONFLICT, "conflict"},
    {CLI_UNHEALTHY, "health check failed"},
    {0, NULL},
};

bool
cli_color(FILE *f)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (no != NULL && *no != '\0') /* no-color.org */
		return false;
	return term != NULL && strcmp(term, "dumb") != 0 && isatty(fileno(f));
}

void
cli_say(const char *fmt, ...)
{
	va_list ap;

	fputs("mayfly: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

int
cli_fail(enum cli_exit code, const char *hint, const char *fmt, ...)
{
	bool color = cli_color(stderr);
	va_list ap;

	fprintf(stderr, "mayfly: %serror:%s ", color ? "\033[31m" : "",
	    color ? "\033[0m" : "");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	if (hint != NULL)
		fprintf(stderr, "  %s\n", hint);
	return (int)code;
}

void *
cli_realloc(void *p, size_t n)
{
	p = realloc(p, n > 0 ? n : 1);
	if (p == NULL)
		exit(cli_fail(CLI_FAILED, NULL, "out of memory"));
	return p;
}

void *
cli_alloc(size_t n)
{
	return cli_realloc(NULL, n);
}

int
cli_bad_option(const struct command *command, char *argv[])
{
	cli_fail(CLI_USAGE, NULL,
	    "%s: %s is no option of it, or lacks its value", command->name,
	    argv[optind - 1]);
	fprintf(stderr, "  see: mayfly help %s\n", command->name);
	return CLI_USAGE;
}

bool
cli_output(const char *value, bool *json)
{
	*json = strcmp(value, "json") == 0;
	return *json || strcmp(value, "table") == 0;
}

const char *
cli_run_dir(const char *option)
{
	const char *env = getenv("MAYFLY_RUN_DIR");

	if (option != NULL)
		return option;
	return env != NULL && *env != '\0' ? env : "./var/run";
}

const char *
cli_functions(const char *option)
{
	const char *env = getenv("MAYFLY_FUNCTIONS");

	if (option != NULL)
		return option;
	return env != NULL && *env != '\0' ? env : NULL;
}

/* ---- tables ---- */

/* "-" stands for a number that is not there. */
static bool
is_number(const char *s)
{
	return strcmp(s, "-") == 0 ||
	       (*s != '\0' && strspn(s, "0123456789.") == strlen(s));
}

void
cli_table(const char *const *cells, int rows, int columns)
{
	int width[COLUMNS_MAX] = {0};
	bool right[COLUMNS_MAX], color = cli_color(stdout);
	const char *cell;

	if (columns > COLUMNS_MAX)
		abort();
	for (int c = 0; c < columns; c++) {
		right[c] = rows > 1;
		for (int r = 0; r < rows; r++) {
			cell = cells[r * columns + c];
			if ((int)strlen(cell) > width[c])
				width[c] = (int)strlen(cell);
			if (r > 0 && !is_number(cell))
				right[c] = false;
		}
	}
	for (int r = 0; r < rows; r++) {
		if (r == 0 && color)
			fputs("\033[1m", stdout);
		for (int c = 0; c < columns; c++) {
			cell = cells[r * columns + c];
			if (right[c])
				printf("%*s", width[c], cell);
			else if (c + 1 < columns)
				printf("%-*s", width[c], cell);
			else
				fputs(cell, stdout);
			if (c + 1 < columns)
				fputs("  ", stdout);
		}
		if (r == 0 && color)
			fputs("\033[0m", stdout);
		putchar('\n');
	}
}

/* ---- talking to mayflyd ---- */

/* Connected, or -1 with errno. */
static int
dial(const struct sockaddr_un *addr)
{
	struct timeval wait = {.tv_sec = CLI_ANSWER_MAX_MS / 1000};
	int fd, err;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	/* bounds connect() on a full queue, and send() */
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	if (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) < 0) {
		err = errno;
		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

/* Everything up to the end; false with errno. */
static bool
read_all(int fd, struct buf *to)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int64_t deadline = stamp_monotonic_ms() + CLI_ANSWER_MAX_MS, left;
	char chunk[8192];
	ssize_t n;

	for (;;) {
		left = deadline - stamp_monotonic_ms();
		if (left <= 0 || poll(&p, 1, (int)left) == 0) {
			errno = ETIMEDOUT;
			return false;
		}
		n = recv(fd, chunk, sizeof(chunk), MSG_DONTWAIT);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return n == 0;
		buf_add(to, chunk, (size_t)n);
		if (to->failed) {
			errno = EMSGSIZE;
			return false;
		}
	}
}

static int
fail_daemon(const char *path, const char *why)
{
	return cli_fail(CLI_FAILED,
	    "is it running, and is this its folder? "
	    "(--run-dir or MAYFLY_RUN_DIR)",
	    "mayflyd at %s: %s", path, why);
}

/* False when it is too long. */
static bool
address_of(const char *run_dir, struct sockaddr_un *addr)
{
	int n;

	*addr = (struct sockaddr_un){.sun_family = AF_UNIX};
	n = snprintf(
	    addr->sun_path, sizeof(addr->sun_path), "%s/mayflyd.sock", run_dir);
	return n > 0 && (size_t)n < sizeof(addr->sun_path);
}

bool
cli_reaches(const char *run_dir)
{
	struct sockaddr_un addr;
	int fd = -1;

	if (address_of(run_dir, &addr))
		fd = dial(&addr);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Of hundreds of functions it has more values than a request may have. */
static struct json_object *
parse_answer(const struct buf *text)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *root = NULL;

	if (tokener != NULL && text->data != NULL)
		root =
		    json_tokener_parse_ex(tokener, text->data, (int)text->len);
	if (tokener != NULL)
		json_tokener_free(tokener);
	if (json_object_is_type(root, json_type_object))
		return root;
	json_object_put(root);
	return NULL;
}

int
cli_ask(const char *run_dir, const char *line, struct json_object **answer)
{
	struct sockaddr_un addr;
	struct buf text = buf_new(ANSWER_MAX_BYTES);
	bool good;
	int fd, n;

	if (!address_of(run_dir, &addr))
		return cli_fail(CLI_USAGE, "choose a shorter --run-dir",
		    "%s is too long for a socket", run_dir);
	fd = dial(&addr);
	if (fd < 0)
		return fail_daemon(addr.sun_path, strerror(errno));
	good = send(fd, line, strlen(line), MSG_NOSIGNAL) ==
	           (ssize_t)strlen(line) &&
	       read_all(fd, &text);
	n = errno;
	close(fd);
	if (!good) {
		buf_free(&text);
		return fail_daemon(addr.sun_path, strerror(n));
	}
	*answer = parse_answer(&text);
	buf_free(&text);
	if (*answer == NULL)
		return fail_daemon(
		    addr.sun_path, "its answer is not a JSON object");
	return CLI_OK;
}

const char *
cli_text(struct json_object *from, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(from, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return "";
	return json_object_get_string(value);
}

int64_t
cli_number(struct json_object *from, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(from, key, &value))
		return 0;
	return json_object_get_int64(value);
}

size_t
cli_list(struct json_object *from, const char *key, struct json_object **list)
{
	if (!json_object_object_get_ex(from, key, list) ||
	    !json_object_is_type(*list, json_type_array))
		return 0;
	return json_object_array_length(*list);
}
