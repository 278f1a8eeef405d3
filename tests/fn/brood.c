/* SPDX-License-Identifier: MIT */
/*
 * brood -- a function that forks: GET /test/brood?then=answer, crash or
 * hang.
 *
 * Behind it stay a child in its process group, and one that has left it by a
 * double fork and setsid(2).  Both ignore what can be ignored, have the
 * listening socket open, and once their instance is gone they answer on it:
 * "brood: N answers" is logged then, so a test can see it.
 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "fn.h"
#include "log.h"

enum { THEN };

static const struct fn_input inputs[] = {
    [THEN] = {.name = "then",
        .in = FN_QUERY,
        .type = FN_LINE,
        .max = 16,
        .or_else = "answer",
        .about = "what comes then"},
};

static NORETURN void
live_on(pid_t instance)
{
	struct pollfd listener = {.fd = STDIN_FILENO, .events = POLLIN};
	struct timespec moment = {0, 1000000};
	sigset_t all;
	int fd;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	close_range(STDERR_FILENO + 1, ~0U, 0); /* nginx waits for its end */
	prctl(PR_SET_NAME, "brood-child");
	while (kill(instance, 0) == 0)
		nanosleep(&moment, NULL);
	for (;;) {
		poll(&listener, 1, -1);
		fd = accept(STDIN_FILENO, NULL, NULL);
		if (fd < 0)
			continue;
		log_error("brood: %ld answers", (long)getpid());
		close(fd);
	}
}

static void
leave_brood(void)
{
	pid_t instance = getpid();

	if (fork() == 0)
		live_on(instance);
	if (fork() == 0) {
		setsid();
		if (fork() == 0)
			live_on(instance);
		_exit(0);
	}
}

static enum http_status
brood(struct req *req, struct reply *reply)
{
	const char *then = req_text(req, THEN);
	struct timespec hour = {3600, 0};

	leave_brood();
	if (strcmp(then, "crash") == 0)
		abort();
	while (strcmp(then, "hang") == 0)
		nanosleep(&hour, NULL);
	out_begin(&reply->out, NULL);
	out_int(&reply->out, "pid", getpid());
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(brood) = {
    .route = "GET /test/brood",
    .about = "Forks, and leaves its children behind.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .limits = {.deadline_ms = 500, .max_instances = 2},
    .handle = brood,
};
