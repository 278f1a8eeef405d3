/* SPDX-License-Identifier: MIT */
/* orphans -- see orphans.h. */
#include "orphans.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"
#include "stamp.h"

#define CHILDREN "/proc/thread-self/children"
#define MS 1000000LL /* nanoseconds */

enum {
	CHUNK_BYTES = 4096,
	BITS = 8,          /* of a byte */
	PID_END = 4194304, /* PID_MAX_LIMIT of Linux */
};

/* A bit for each number: 512 KiB, of which a few pages are ever touched. */
static unsigned char excepted[PID_END / BITS];
static bool subreaper;
static int64_t due_ns = INT64_MAX, pause_ms = ORPHANS_LOOK_MIN_MS;

static bool
in_range(pid_t pid)
{
	return pid > 0 && pid < PID_END;
}

static bool
is_excepted(pid_t pid)
{
	return in_range(pid) && (excepted[pid / BITS] >> (pid % BITS) & 1) != 0;
}

void
orphans_except(pid_t pid)
{
	if (in_range(pid))
		excepted[pid / BITS] |= (unsigned char)(1 << (pid % BITS));
}

void
orphans_forget(pid_t pid)
{
	if (in_range(pid))
		excepted[pid / BITS] &= (unsigned char)~(1 << (pid % BITS));
}

void
orphans_look(void)
{
	pause_ms = ORPHANS_LOOK_MIN_MS;
	due_ns = 0;
}

/* Whether it was one. */
static bool
end_orphan(pid_t pid)
{
	if (is_excepted(pid))
		return false; /* who looks after it waits for it */
	kill(pid, SIGKILL);   /* not waited for: the number is its own */
	waitpid(pid, NULL, WNOHANG);
	return true;
}

static bool
spare(pid_t pid)
{
	orphans_except(pid);
	return true;
}

/*
 * For how many children act() is true; -1 when they cannot be listed.  The file
 * is a list of numbers, each with a blank behind it.  Only we take children off
 * the list, by waiting for them: that may hide some of those that have not been
 * read yet, until the next look.
 */
static int
each_child(bool (*act)(pid_t pid))
{
	char chunk[CHUNK_BYTES];
	pid_t pid = 0;
	int fd, n = 0;
	ssize_t len;

	fd = open(CHILDREN, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	while ((len = read(fd, chunk, sizeof(chunk))) > 0) {
		for (ssize_t i = 0; i < len; i++) {
			if (chunk[i] >= '0' && chunk[i] <= '9') {
				pid = pid * 10 + (chunk[i] - '0');
				continue;
			}
			if (pid > 0 && act(pid))
				n++;
			pid = 0;
		}
	}
	close(fd);
	return n;
}

void
orphans_open(void)
{
	subreaper = each_child(spare) >= 0 &&
	            prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
	if (!subreaper)
		log_warn("%s: %s: what a function leaves behind outside its "
		         "process group stays",
		    CHILDREN, strerror(errno));
}

int64_t
orphans_tick(int64_t now_ns)
{
	if (!subreaper || due_ns > now_ns)
		return subreaper ? due_ns : INT64_MAX;
	due_ns = INT64_MAX;
	/* With any there is another look: they may still be there, or have
	 * left some themselves. */
	if (each_child(end_orphan) != 0) {
		due_ns = now_ns + pause_ms * MS;
		pause_ms = pause_ms * 2 < ORPHANS_LOOK_MAX_MS
		               ? pause_ms * 2
		               : ORPHANS_LOOK_MAX_MS;
	}
	return due_ns;
}

void
orphans_end(void)
{
	int64_t now = stamp_monotonic_ns(), end = now + ORPHANS_END_MS * MS;
	int64_t due;

	orphans_look();
	for (; now < end; now = stamp_monotonic_ns()) {
		due = orphans_tick(now);
		if (due == INT64_MAX)
			return;
		poll(NULL, 0, (int)((due - now) / MS) + 1);
	}
}
