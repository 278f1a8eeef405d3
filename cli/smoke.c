/* SPDX-License-Identifier: MIT */
/*
 * smoke -- see smoke.h.
 *
 * What is waited for is a descriptor that is read to its end: the output of a
 * CGI program, which is reaped behind that, or a connection.
 */
#include "smoke.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "fcgi-client.h"
#include "setting.h"
#include "stamp.h"

enum {
	REQUEST_MAX_BYTES = 32 * 1024,
	CHUNK_BYTES = 8192,
	LOG_TAIL_BYTES = 4096,
	REAP_MS = 1000, /* from the end of its output to its exit */
};

/* One that is under way. */
struct run {
	struct smoke_trial *trial; /* NULL: the place is free */
	struct smoke_plan plan;
	struct buf answer;
	int fd;
	int log;       /* what the program says on standard error; -1 */
	pid_t pid;     /* of the CGI program; 0: it is the socket's turn */
	bool long_one; /* the answer has an end that is not kept */
	int64_t deadline;
};

extern char **environ;

static bool PRINTF_LIKE(2, 3)
    refuse(struct smoke_trial *trial, const char *fmt, ...)
{
	va_list ap;

	if (trial->problem[0] == '\0') {
		va_start(ap, fmt);
		vsnprintf(trial->problem, sizeof(trial->problem), fmt, ap);
		va_end(ap);
	}
	trial->good = false;
	return false;
}

/* ---- as CGI ---- */

static bool
is_setting_of(const char *variable, const char *name)
{
	size_t len = strlen(name);

	return strncmp(variable, name, len) == 0 && variable[len] == '=';
}

/* What mayflyd gives to an instance, too. */
static bool
passes(const char *variable, const struct descriptor *d)
{
	bool pass = is_setting_of(variable, "MAYFLY_ENV_FILE");

	for (int s = 0; s < SETTINGS; s++)
		pass = pass ||
		       is_setting_of(variable, setting_name((enum setting)s));
	for (int s = 0; s < d->nsettings; s++)
		pass = pass || is_setting_of(variable, d->settings[s]);
	return pass;
}

/* The request, and our settings: an array for the caller to free. */
static char **
make_cgi_environment(const struct run *r)
{
	static char home[] = "HOME=/", path[] = "PATH=/usr/bin:/bin";
	size_t n = 0, max = (size_t)r->plan.n + 3;
	char **env;

	for (char **v = environ; *v != NULL; v++)
		max++;
	env = cli_alloc(max * sizeof(*env));
	for (int i = 0; i < r->plan.n; i++)
		env[n++] = r->plan.variables[i];
	for (char **v = environ; *v != NULL; v++)
		if (passes(*v, r->trial->descriptor))
			env[n++] = *v;
	env[n++] = home;
	env[n++] = path;
	env[n] = NULL;
	return env;
}

static int
spawn_cgi(struct run *r, int in, int out)
{
	union {
		const char *in;
		char *out;
	} name = {r->trial->name}; /* posix_spawn(3) does not change it */
	char *argv[] = {name.out, NULL}, **env = make_cgi_environment(r);
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int error;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
	                                    POSIX_SPAWN_SETSIGDEF |
	                                    POSIX_SPAWN_SETPGROUP);
	error = posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(
		    &files, out, STDOUT_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(
		    &files, r->log, STDERR_FILENO);
	if (error == 0)
		error = posix_spawn(
		    &r->pid, r->trial->program, &files, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	free(env);
	return error;
}

static bool
begin_cgi(struct run *r)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1}, error = 0;
	size_t len = strlen(r->plan.body);

	r->log = memfd_create("smoke", MFD_CLOEXEC);
	if (r->log < 0 || pipe2(in, O_CLOEXEC) != 0 ||
	    pipe2(out, O_CLOEXEC) != 0 ||
	    write(in[1], r->plan.body, len) != (ssize_t)len)
		error = errno;
	if (error == 0)
		error = spawn_cgi(r, in[0], out[1]);
	for (int i = 0; i < 2; i++)
		if (in[i] >= 0)
			close(in[i]);
	if (out[1] >= 0)
		close(out[1]);
	r->fd = out[0];
	return error == 0 ||
	       refuse(r->trial, "cannot be run: %s", strerror(error));
}

/* ---- on its socket ---- */

static bool
begin_socket(struct run *r)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	struct buf request = buf_new(REQUEST_MAX_BYTES);
	bool good;
	int n;

	r->pid = 0;
	n = snprintf(to.sun_path, sizeof(to.sun_path), "%s", r->trial->socket);
	r->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (r->fd < 0 || n < 0 || (size_t)n >= sizeof(to.sun_path) ||
	    connect(r->fd, (const struct sockaddr *)&to, sizeof(to)) != 0)
		return refuse(
		    r->trial, "%s: %s", r->trial->socket, strerror(errno));
	fcgi_client_request(&request, r->plan.variables, r->plan.body);
	good = !request.failed && send(r->fd, request.data, request.len,
	                              MSG_NOSIGNAL) == (ssize_t)request.len;
	buf_free(&request);
	return good || refuse(r->trial, "its socket takes no request");
}

/* ---- the answer ---- */

/* The last line that the program logged, as far as it is text; "" for none. */
static const char *
last_line(const struct run *r, char to[LOG_TAIL_BYTES + 1])
{
	off_t size = r->log >= 0 ? lseek(r->log, 0, SEEK_END) : 0;
	ssize_t n = 0;
	char *line;

	if (size > 0)
		n = pread(r->log, to, LOG_TAIL_BYTES,
		    size > LOG_TAIL_BYTES ? size - LOG_TAIL_BYTES : 0);
	if (n <= 0)
		return "";
	while (n > 0 && (to[n - 1] == '\n' || to[n - 1] == '\0'))
		n--;
	to[n] = '\0';
	line = strrchr(to, '\n');
	line = line == NULL ? to : line + 1;
	for (char *c = line; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
			*c = '?';
	return line;
}

/* Whether the answer says that the database is what fails. */
static bool
blames_database(struct span answer)
{
	return memmem(answer.at, answer.len, "\"database\"", 10) != NULL;
}

static bool
judge_answer(struct run *r, struct span answer)
{
	int status = answer.len > 0 ? smoke_plan_status(answer) : 0;
	const char *how = r->pid != 0 ? "as CGI" : "on its socket";
	const char *lacks = r->plan.refused ? r->plan.lacks : "";
	char tail[LOG_TAIL_BYTES + 1];
	const char *said = last_line(r, tail);

	if (status == 0)
		return refuse(r->trial,
		    "%s: its answer has no valid header%s%s", how,
		    *said != '\0' ? ": " : "", said);
	if (smoke_plan_accepts(&r->plan, status))
		return true;
	if (status == 503 && blames_database(answer))
		return refuse(r->trial,
		    "%s: it answers 503, because the database does not answer "
		    "it: are PostgreSQL and PgBouncer running?",
		    how);
	return refuse(r->trial, "%s: it answers %d to %s %s%s%s%s%s", how,
	    status, r->plan.variables[0] + strlen("REQUEST_METHOD="),
	    r->plan.variables[1] + strlen("REQUEST_URI="),
	    *lacks != '\0' ? " " : "", lacks, *said != '\0' ? ": " : "", said);
}

/* Whether the program has ended well, within its time. */
static bool
reap_cgi(struct run *r, bool late)
{
	int64_t end = stamp_monotonic_ms() + (late ? 0 : REAP_MS);
	char tail[LOG_TAIL_BYTES + 1];
	int status = 0;
	pid_t got;

	while ((got = waitpid(r->pid, &status, WNOHANG)) == 0 &&
	       stamp_monotonic_ms() < end)
		poll(NULL, 0, 1);
	kill(-r->pid, SIGKILL);
	if (got == 0)
		got = waitpid(r->pid, &status, 0);
	if (late || got != r->pid)
		return false;
	if (WIFSIGNALED(status))
		return refuse(r->trial, "as CGI: it died of signal %d%s%s",
		    WTERMSIG(status), *last_line(r, tail) != '\0' ? ": " : "",
		    last_line(r, tail));
	if (WEXITSTATUS(status) != 0)
		return refuse(r->trial, "as CGI: it exited with %d%s%s",
		    WEXITSTATUS(status),
		    *last_line(r, tail) != '\0' ? ": " : "",
		    last_line(r, tail));
	return true;
}

static bool
end_socket(struct run *r)
{
	struct buf content = buf_new(SMOKE_ANSWER_MAX_BYTES);
	enum fcgi_client_end end;
	bool good = false;

	end = fcgi_client_answer(
	    (struct span){r->answer.data, r->answer.len}, &content);
	if (end == FCGI_CLIENT_DONE || (end == FCGI_CLIENT_CUT && r->long_one))
		good =
		    judge_answer(r, (struct span){content.data, content.len});
	else
		refuse(r->trial, "on its socket: %s",
		    end == FCGI_CLIENT_CUT ? "it crashes, or ends too early"
		                           : "its answer is no FastCGI");
	buf_free(&content);
	return good;
}

/* ---- all of them ---- */

static void
give_deadline(struct run *r)
{
	r->deadline = stamp_monotonic_ms() + SMOKE_START_MS +
	              r->trial->descriptor->limits.deadline_ms;
}

static void
finish_trial(struct run *r)
{
	if (r->fd >= 0)
		close(r->fd);
	if (r->log >= 0)
		close(r->log);
	buf_free(&r->answer);
	smoke_plan_free(&r->plan);
	r->trial = NULL;
}

static void
begin_trial(struct run *r, struct smoke_trial *trial)
{
	*r = (struct run){.trial = trial, .fd = -1, .log = -1};
	r->answer = buf_new(SMOKE_ANSWER_MAX_BYTES);
	trial->good = true;
	trial->problem[0] = '\0';
	smoke_plan_make(&r->plan, trial->descriptor, trial->printed);
	give_deadline(r);
	if (!begin_cgi(r))
		finish_trial(r);
}

/* The output has ended, or it is late, or too long: next is the socket. */
static void
end_phase(struct run *r, bool late)
{
	bool cgi = r->pid != 0, good;

	if (late)
		refuse(r->trial, "%s: no answer in %lld ms",
		    cgi ? "as CGI" : "on its socket",
		    (long long)(SMOKE_START_MS +
		                r->trial->descriptor->limits.deadline_ms));
	close(r->fd);
	r->fd = -1;
	if (cgi)
		good = reap_cgi(r, late) &&
		       judge_answer(
		           r, (struct span){r->answer.data, r->answer.len});
	else
		good = !late && end_socket(r);
	buf_reset(&r->answer);
	if (!good || !cgi || r->trial->socket == NULL) {
		finish_trial(r);
		return;
	}
	give_deadline(r);
	if (!begin_socket(r))
		finish_trial(r);
}

static void
receive_piece(struct run *r)
{
	char chunk[CHUNK_BYTES];
	ssize_t n = read(r->fd, chunk, sizeof(chunk));

	if (n < 0 && errno == EINTR)
		return;
	if (n > 0)
		buf_add(&r->answer, chunk, (size_t)n);
	if (n <= 0)
		end_phase(r, false);
	else if (r->answer.failed)
		r->long_one = true;
}

static void
wait_for_trials(struct run *runs, int n)
{
	struct pollfd p[SMOKE_AT_ONCE_MAX];
	int64_t left = INT32_MAX, mine;

	for (int i = 0; i < n; i++) {
		p[i] = (struct pollfd){.fd = -1, .events = POLLIN};
		if (runs[i].trial == NULL)
			continue;
		p[i].fd = runs[i].fd;
		mine = runs[i].deadline - stamp_monotonic_ms();
		if (mine < left)
			left = mine > 0 ? mine : 0;
	}
	if (poll(p, (nfds_t)n, (int)left) < 0)
		return;
	for (int i = 0; i < n; i++) {
		if (runs[i].trial == NULL)
			continue;
		if (p[i].revents != 0)
			receive_piece(&runs[i]);
		else if (stamp_monotonic_ms() >= runs[i].deadline)
			end_phase(&runs[i], true);
	}
}

int
smoke_run(struct smoke_trial *trials, int n)
{
	struct run runs[SMOKE_AT_ONCE_MAX] = {{.trial = NULL}};
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int max = cores < 1 ? 2 : 2 * (int)cores, running, next = 0, bad = 0;

	if (max > SMOKE_AT_ONCE_MAX)
		max = SMOKE_AT_ONCE_MAX;
	do {
		running = 0;
		for (int i = 0; i < max; i++) {
			while (runs[i].trial == NULL && next < n)
				begin_trial(&runs[i], &trials[next++]);
			running += runs[i].trial != NULL ? 1 : 0;
		}
		if (running > 0)
			wait_for_trials(runs, max);
	} while (running > 0 || next < n);
	for (int i = 0; i < n; i++)
		bad += trials[i].good ? 0 : 1;
	return bad;
}
