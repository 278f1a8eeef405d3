/* SPDX-License-Identifier: MIT */
/*
 * descriptor -- see descriptor.h.
 *
 * Whatever an executable prints is taken for hostile: its time, the size of
 * its output, the JSON and every value in it are checked before anything is
 * believed, because names become file names and paths become nginx
 * configuration.
 */
#include "descriptor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "json_in.h"

enum {
	ANSWER_MAX_BYTES = 256 * 1024,
	ANSWER_MAX_MS = 2000,
	CHUNK_BYTES = 8192,
	NAME_MAX_CHARS = 48,
	PATH_MAX_CHARS = 200,
	SEGMENTS_MAX = 32,
	STATEMENTS_MAX = 64,
	STATEMENT_NAME_MAX = 46,
	PROBLEM_BYTES = 200,
	FUNCTIONS_MAX = 1024, /* in all folders */
};

static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
static const char name_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
static const char segment_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "abcdefghijklmnopqrstuvwxyz"
                                    "0123456789._-";

static const char *const auths[] = {
    [FN_PUBLIC] = "public",
    [FN_OPTIONAL] = "optional",
    [FN_REQUIRED] = "required",
};

static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

/* What a limit may be.  0 is possible where mayflyd fills in the default. */
static const struct {
	const char *name;
	size_t offset;
	bool wide; /* int64_t, otherwise int */
	int64_t min, max;
} limits[] = {
    {"body_max_bytes", offsetof(struct fn_limits, body_max_bytes), true, 1,
        1 << 30},
    {"reply_max_bytes", offsetof(struct fn_limits, reply_max_bytes), true, 1,
        1 << 30},
    {"deadline_ms", offsetof(struct fn_limits, deadline_ms), false, 1, 900000},
    {"max_instances", offsetof(struct fn_limits, max_instances), false,
        FN_ONE_PER_CORE, 1024},
    {"idle_ms", offsetof(struct fn_limits, idle_ms), false, 0, 86400000},
    {"max_requests", offsetof(struct fn_limits, max_requests), false, 1,
        1000000000},
    {"memory_max_mib", offsetof(struct fn_limits, memory_max_mib), false, 1,
        1 << 20},
};

/* ---- writing ---- */

static void
write_inputs(struct out *o, const struct fn_input *input)
{
	static const char *const places[] = {
	    [FN_PATH] = "path",
	    [FN_QUERY] = "query",
	    [FN_BODY] = "body",
	};
	static const char *const types[] = {
	    [FN_LINE] = "line",
	    [FN_TEXT] = "text",
	    [FN_EMAIL] = "email",
	    [FN_SECRET] = "secret",
	    [FN_INT] = "int",
	    [FN_LINES] = "lines",
	};

	out_list(o, "inputs");
	for (; input != NULL && input->name != NULL; input++) {
		out_begin(o, NULL);
		out_text(o, "name", input->name);
		out_text(o, "in", places[input->in]);
		out_text(o, "type", types[input->type]);
		out_bool(o, "required", input->required);
		out_int(o, "min", input->min);
		out_int(o, "max", input->max);
		out_int(o, "items_max", input->items_max);
		out_text(o, "or_else", input->or_else);
		out_text(o, "about", input->about);
		out_end(o);
	}
	out_end(o);
}

static void
write_statements(struct out *o, const struct db_statement *const *statement)
{
	char prepared[DB_PREPARED_NAME_MAX];

	out_list(o, "statements");
	for (; statement != NULL && *statement != NULL; statement++) {
		db_prepared_name(
		    (*statement)->name, (*statement)->sql, prepared);
		out_begin(o, NULL);
		out_text(o, "name", (*statement)->name);
		out_text(o, "prepared", prepared);
		out_text(o, "sql", (*statement)->sql);
		out_end(o);
	}
	out_end(o);
}

static int64_t
limit_get(const struct fn_limits *from, size_t i)
{
	const char *at = (const char *)from + limits[i].offset;
	int64_t wide;
	int narrow;

	if (limits[i].wide) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, at, sizeof(narrow));
	return narrow;
}

void
descriptor_write(struct out *o, const struct fn *fn)
{
	const char *path = strchr(fn->route, ' ');
	char method[NAME_MAX_CHARS];
	struct fn_limits full;

	if (path == NULL)
		abort(); /* a route without a method */
	snprintf(
	    method, sizeof(method), "%.*s", (int)(path - fn->route), fn->route);
	out_begin(o, NULL);
	out_text(o, "name", fn->name);
	out_text(o, "route", fn->route);
	out_text(o, "method", method);
	out_text(o, "path", path + 1);
	out_text(o, "about", fn->about);
	out_text(o, "auth", auths[fn->auth]);
	out_text(o, "body_root", fn->body_root);
	write_inputs(o, fn->inputs);
	write_statements(o, fn->statements);
	out_text(o, "cache_tags", fn->cache_tags);
	out_begin(o, "limits");
	full = fn_limits(fn);
	for (size_t i = 0; i < LENGTH(limits); i++)
		out_int(o, limits[i].name, limit_get(&full, i));
	out_end(o);
	out_end(o);
}

/* ---- running the executable ---- */

/* The reason of a failure, always complete sentences' ends: "it ...". */
struct reason {
	char *text;
	size_t size;
};

static bool PRINTF_LIKE(2, 3)
    bad(const struct reason *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why->text, why->size, fmt, ap);
	va_end(ap);
	return false;
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Wait until fd is readable; false at the deadline. */
static bool
wait_readable(int fd, int64_t deadline)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int64_t left;
	int n;

	do {
		left = deadline - now_ms();
		if (left <= 0)
			return false;
		n = poll(&p, 1, (int)left);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

static bool
read_answer(
    int fd, int64_t deadline, struct buf *answer, const struct reason *why)
{
	char chunk[CHUNK_BYTES];
	ssize_t n;

	for (;;) {
		if (!wait_readable(fd, deadline))
			return bad(
			    why, "--describe took over %d ms", ANSWER_MAX_MS);
		n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return bad(
			    why, "cannot read --describe: %s", strerror(errno));
		if (n == 0)
			return true;
		buf_add(answer, chunk, (size_t)n);
		if (answer->failed)
			return bad(why, "--describe printed over %d KiB",
			    ANSWER_MAX_BYTES / 1024);
	}
}

/*
 * Reap the child.  One that has closed its output but lives on gets until the
 * deadline; then, or when force is set, it and its process group are killed.
 * The group is named while the child is not reaped, so the number is ours.
 */
static bool
reap(pid_t pid, int64_t deadline, bool force, const struct reason *why)
{
	bool in_time = false;
	int status, fd;
	pid_t got;

	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd >= 0) {
		in_time = !force && wait_readable(fd, deadline);
		close(fd);
	}
	if (!in_time)
		kill(pid, SIGKILL);
	kill(-pid, SIGKILL);
	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	if (force)
		return false; /* the reason is given already */
	if (!in_time)
		return bad(why, "--describe took over %d ms", ANSWER_MAX_MS);
	if (got != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return bad(why, "--describe failed");
	return true;
}

/*
 * No secret of ours reaches the child: standard streams are a pipe and
 * /dev/null, the environment is empty, signals are as at the start of a
 * program, and it leads a process group of its own.
 */
static int
start(const char *program, int out_fd, pid_t *pid)
{
	char *argv[] = {NULL, NULL, NULL}, *env[] = {NULL};
	char describe[] = "--describe";
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int err;

	err = posix_spawn_file_actions_init(&files);
	if (err != 0)
		return err;
	err = posix_spawnattr_init(&attr);
	if (err != 0) {
		posix_spawn_file_actions_destroy(&files);
		return err;
	}
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
	                                    POSIX_SPAWN_SETSIGDEF |
	                                    POSIX_SPAWN_SETPGROUP);
	err = posix_spawn_file_actions_addopen(
	    &files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(
		    &files, out_fd, STDOUT_FILENO);
	if (err == 0)
		err = posix_spawn_file_actions_addopen(
		    &files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	argv[0] = strdup(program);
	argv[1] = describe;
	if (err == 0 && argv[0] == NULL)
		err = ENOMEM;
	if (err == 0)
		err = posix_spawn(pid, program, &files, &attr, argv, env);
	free(argv[0]);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return err;
}

static bool
run(const char *program, struct buf *answer, const struct reason *why)
{
	int64_t deadline = now_ms() + ANSWER_MAX_MS;
	int ends[2], err;
	bool all;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return bad(why, "no pipe: %s", strerror(errno));
	err = start(program, ends[1], &pid);
	close(ends[1]);
	if (err != 0) {
		close(ends[0]);
		return bad(why, "cannot be run: %s", strerror(err));
	}
	all = read_answer(ends[0], deadline, answer, why);
	close(ends[0]);
	return reap(pid, deadline, !all, why) && all;
}

/* ---- checking what it printed ---- */

static bool
is_name(const char *s)
{
	size_t len = strlen(s);

	return len > 0 && len <= NAME_MAX_CHARS &&
	       strchr(lower, s[0]) != NULL && strspn(s, name_chars) == len;
}

/* "name" or ":name" up to the next '/' or the end; NULL when it is neither. */
static const char *
skip_segment(const char *s)
{
	const char *from;

	if (*s == ':') {
		s++;
		if (*s == '\0' || strchr(lower, *s) == NULL)
			return NULL;
	}
	from = s;
	s += strspn(s, segment_chars);
	if (s == from || (*s != '\0' && *s != '/'))
		return NULL;
	if (s - from <= 2 && strspn(from, ".") >= (size_t)(s - from))
		return NULL; /* "." and "..": nginx resolves them */
	return s;
}

static bool
is_path(const char *s)
{
	if (strlen(s) > PATH_MAX_CHARS)
		return false;
	for (int n = 0; n < SEGMENTS_MAX; n++) {
		if (*s != '/')
			return false;
		s = skip_segment(s + 1);
		if (s == NULL)
			return false;
		if (*s == '\0')
			return true;
	}
	return false;
}

/* Copy a member that must be text. */
static bool
take_text(struct json_object *from, const char *key, char **to,
    const struct reason *why)
{
	struct json_object *value;

	if (!json_object_object_get_ex(from, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return bad(why, "its %s is not a text", key);
	*to = strdup(json_object_get_string(value));
	return *to != NULL || bad(why, "memory is out");
}

static bool
take_limits(
    struct json_object *root, struct fn_limits *to, const struct reason *why)
{
	struct json_object *from, *value;
	int64_t number;
	int narrow;

	if (!json_object_object_get_ex(root, "limits", &from) ||
	    !json_object_is_type(from, json_type_object))
		return bad(why, "its limits are not an object");
	for (size_t i = 0; i < LENGTH(limits); i++) {
		if (!json_object_object_get_ex(from, limits[i].name, &value) ||
		    !json_object_is_type(value, json_type_int))
			return bad(
			    why, "its %s is not an integer", limits[i].name);
		number = json_object_get_int64(value);
		if (number < limits[i].min || number > limits[i].max)
			return bad(why, "its %s is not %lld to %lld",
			    limits[i].name, (long long)limits[i].min,
			    (long long)limits[i].max);
		if (limits[i].wide) {
			memcpy((char *)to + limits[i].offset, &number,
			    sizeof(number));
			continue;
		}
		narrow = (int)number;
		memcpy((char *)to + limits[i].offset, &narrow, sizeof(narrow));
	}
	return true;
}

static bool
take_statement(struct json_object *from, struct descriptor_statement *to,
    const struct reason *why)
{
	char prepared[DB_PREPARED_NAME_MAX];
	size_t len;

	if (!json_object_is_type(from, json_type_object))
		return bad(why, "a statement is not an object");
	if (!take_text(from, "name", &to->name, why) ||
	    !take_text(from, "prepared", &to->prepared, why) ||
	    !take_text(from, "sql", &to->sql, why))
		return false;
	len = strlen(to->name);
	if (len == 0 || len > STATEMENT_NAME_MAX ||
	    strspn(to->name, segment_chars) != len)
		return bad(why, "the name of a statement is not"
		                " [A-Za-z0-9._-]{1,46}");
	if (to->sql[0] == '\0')
		return bad(why, "statement %s is empty", to->name);
	db_prepared_name(to->name, to->sql, prepared);
	if (strcmp(prepared, to->prepared) != 0)
		return bad(why, "statement %s is not prepared as %s", to->name,
		    prepared);
	return true;
}

static bool
take_statements(
    struct json_object *root, struct descriptor *d, const struct reason *why)
{
	struct json_object *list;
	size_t n;

	if (!json_object_object_get_ex(root, "statements", &list) ||
	    !json_object_is_type(list, json_type_array))
		return bad(why, "its statements are not a list");
	n = json_object_array_length(list);
	if (n > STATEMENTS_MAX)
		return bad(why, "it has over %d statements", STATEMENTS_MAX);
	if (n == 0)
		return true;
	d->statements = calloc(n, sizeof(*d->statements));
	if (d->statements == NULL)
		return bad(why, "memory is out");
	d->nstatements = (int)n;
	for (size_t i = 0; i < n; i++)
		if (!take_statement(json_object_array_get_idx(list, i),
		        &d->statements[i], why))
			return false;
	return true;
}

static bool
is_method(const char *s)
{
	for (size_t i = 0; i < LENGTH(methods); i++)
		if (strcmp(s, methods[i]) == 0)
			return true;
	return false;
}

static bool
take_auth(struct json_object *root, enum fn_auth *to, const struct reason *why)
{
	struct json_object *value;
	const char *text = "";

	if (json_object_object_get_ex(root, "auth", &value) &&
	    json_object_is_type(value, json_type_string))
		text = json_object_get_string(value);
	for (size_t i = 0; i < LENGTH(auths); i++) {
		if (strcmp(text, auths[i]) == 0) {
			*to = (enum fn_auth)i;
			return true;
		}
	}
	return bad(why, "its auth is not public, optional or required");
}

static bool
take_all(
    struct json_object *root, struct descriptor *d, const struct reason *why)
{
	const char *slash = strrchr(d->program, '/');
	const char *file = slash != NULL ? slash + 1 : d->program;

	if (!json_object_is_type(root, json_type_object))
		return bad(why, "--describe did not print a JSON object");
	if (!take_text(root, "name", &d->name, why) ||
	    !take_text(root, "method", &d->method, why) ||
	    !take_text(root, "path", &d->path, why))
		return false;
	if (!is_name(d->name) || strcmp(d->name, file) != 0)
		return bad(why, "it names itself other than its file");
	if (!is_method(d->method))
		return bad(why, "its method is not GET, POST, PUT, PATCH or"
		                " DELETE");
	if (!is_path(d->path))
		return bad(why, "its path is not made of /word and /:name");
	return take_auth(root, &d->auth, why) &&
	       take_limits(root, &d->limits, why) &&
	       take_statements(root, d, why);
}

struct descriptor *
descriptor_read(const char *program, char *problem, size_t size)
{
	struct reason why = {problem, size};
	struct buf answer = buf_new(ANSWER_MAX_BYTES);
	struct json_object *root = NULL;
	enum json_in_status st;
	struct descriptor *d;
	bool good;

	d = calloc(1, sizeof(*d));
	if (d != NULL)
		d->program = strdup(program);
	if (d == NULL || d->program == NULL) {
		bad(&why, "memory is out");
		descriptor_free(d);
		return NULL;
	}
	good = run(program, &answer, &why);
	if (good) {
		st = json_in_parse(
		    answer.data != NULL ? answer.data : "", answer.len, &root);
		good =
		    st == JSON_IN_OK || bad(&why, "what --describe printed %s",
		                            json_in_message(st));
	}
	good = good && take_all(root, d, &why);
	json_object_put(root);
	buf_free(&answer);
	if (good)
		return d;
	descriptor_free(d);
	return NULL;
}

void
descriptor_free(struct descriptor *d)
{
	if (d == NULL)
		return;
	for (int i = 0; i < d->nstatements; i++) {
		free(d->statements[i].name);
		free(d->statements[i].prepared);
		free(d->statements[i].sql);
	}
	free(d->statements);
	free(d->program);
	free(d->name);
	free(d->method);
	free(d->path);
	free(d);
}

/* ---- folders ---- */

struct listing {
	struct descriptor **list; /* FUNCTIONS_MAX of them */
	int n;
	void (*complain)(const char *program, const char *problem);
};

static int
by_name(const void *a, const void *b)
{
	const struct descriptor *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void
complain(const struct listing *l, const char *program, const char *problem)
{
	if (l->complain != NULL)
		l->complain(program, problem);
}

/* The folder that stands first wins, as in PATH. */
static bool
is_taken(const struct listing *l, const char *name)
{
	for (int i = 0; i < l->n; i++)
		if (strcmp(l->list[i]->name, name) == 0)
			return true;
	return false;
}

/* Only a file whose name could be a function's is run at all. */
static void
add_file(struct listing *l, const char *folder, const char *name)
{
	char program[4096], problem[PROBLEM_BYTES];
	struct descriptor *d;
	struct stat st;
	int len;

	len = snprintf(program, sizeof(program), "%s/%s", folder, name);
	if (len < 0 || (size_t)len >= sizeof(program))
		return;
	if (stat(program, &st) < 0 || !S_ISREG(st.st_mode) ||
	    access(program, X_OK) < 0)
		return;
	if (!is_name(name)) {
		complain(l, program, "its name is not [a-z][a-z0-9-]{0,47}");
		return;
	}
	if (is_taken(l, name))
		return;
	if (l->n == FUNCTIONS_MAX) {
		complain(l, program, "there are too many functions");
		return;
	}
	d = descriptor_read(program, problem, sizeof(problem));
	if (d == NULL)
		complain(l, program, problem);
	else
		l->list[l->n++] = d;
}

static bool
add_folder(struct listing *l, const char *folder)
{
	struct dirent *entry;
	DIR *dir;

	dir = opendir(folder);
	if (dir == NULL)
		return false;
	for (;;) {
		entry = readdir(dir);
		if (entry == NULL)
			break;
		if (entry->d_name[0] != '.')
			add_file(l, folder, entry->d_name);
	}
	closedir(dir);
	return true;
}

int
descriptor_list(const char *folders, struct descriptor ***list,
    void (*complain_to)(const char *program, const char *problem))
{
	struct listing l = {.complain = complain_to};
	char *copy, *rest, *folder;
	bool good = true;

	l.list = calloc(FUNCTIONS_MAX, sizeof(struct descriptor *));
	copy = strdup(folders);
	if (l.list == NULL || copy == NULL)
		good = false;
	rest = copy;
	while (good && rest != NULL) {
		folder = strsep(&rest, ":");
		if (*folder != '\0')
			good = add_folder(&l, folder);
	}
	free(copy);
	if (!good) {
		descriptor_list_free(l.list, l.n);
		return -1;
	}
	qsort(l.list, (size_t)l.n, sizeof(struct descriptor *), by_name);
	*list = l.list;
	return l.n;
}

void
descriptor_list_free(struct descriptor **list, int n)
{
	for (int i = 0; i < n; i++)
		descriptor_free(list[i]);
	free(list);
}
