/* SPDX-License-Identifier: MIT */
/* hold_store -- see hold_store.h. */
#include "hold_store.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fdstore.h"
#include "notify.h"

static char names[HOLD_STORE_MAX][NOTIFY_NAME_MAX + 1];
static int count, most;
_Static_assert((int)HOLD_STORE_MAX == (int)FDSTORE_MAX &&
                   (int)NOTIFY_NAME_MAX == (int)FDSTORE_NAME_MAX,
    "one side keeps what the other sends");

/* NAME:NAME:..., in one string of the environment: 32 pages at the most
 * (MAX_ARG_STRLEN, execve(2)). */
static char list[HOLD_STORE_MAX * (NOTIFY_NAME_MAX + 1) + 1];
_Static_assert(sizeof("LISTEN_FDNAMES=") + sizeof(list) <= 32 * 4096,
    "execve(2) takes the names");

void
hold_store_open(void)
{
	struct rlimit limit = {.rlim_cur = 1024, .rlim_max = 1024};

	close_range(HOLD_STORE_FIRST, ~0U, 0);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	most = HOLD_STORE_MAX;
	if (limit.rlim_cur < HOLD_STORE_MAX + HOLD_STORE_SPARE)
		most = (int)limit.rlim_cur - HOLD_STORE_SPARE;
	if (most < 0)
		most = 0;
}

int
hold_store_above(int fd)
{
	int moved;

	moved = fcntl(fd, F_DUPFD_CLOEXEC, HOLD_STORE_FIRST + most);
	close(fd);
	return moved;
}

/* Whether two descriptors are of one open file. */
static bool
same_file(int a, int b)
{
	pid_t self = getpid();
	struct stat sa, sb;
	long order;

	order = syscall(SYS_kcmp, self, self, KCMP_FILE, a, b);
	if (order >= 0)
		return order == 0;
	/* Not every kernel has it: as systemd does without. */
	return fstat(a, &sa) == 0 && fstat(b, &sb) == 0 &&
	       sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

static bool
is_named(int i, struct span name)
{
	return strlen(names[i]) == name.len &&
	       memcmp(names[i], name.at, name.len) == 0;
}

bool
hold_store_add(struct span name, int fd)
{
	int place = HOLD_STORE_FIRST + count;

	for (int i = 0; i < count; i++) {
		if (is_named(i, name) && same_file(HOLD_STORE_FIRST + i, fd)) {
			close(fd);
			return true;
		}
	}
	if (count == most || name.len > NOTIFY_NAME_MAX ||
	    (fd != place && dup3(fd, place, O_CLOEXEC) < 0)) {
		close(fd);
		return false;
	}
	if (fd != place)
		close(fd);
	memcpy(names[count], name.at, name.len);
	names[count][name.len] = '\0';
	count++;
	return true;
}

void
hold_store_remove(struct span name)
{
	int last;

	for (int i = count - 1; i >= 0; i--) {
		if (!is_named(i, name))
			continue;
		last = --count;
		if (i != last) {
			/* Closes what was there. */
			dup3(HOLD_STORE_FIRST + last, HOLD_STORE_FIRST + i,
			    O_CLOEXEC);
			memcpy(names[i], names[last], sizeof(names[i]));
		}
		close(HOLD_STORE_FIRST + last);
	}
}

int
hold_store_count(void)
{
	return count;
}

bool
hold_store_hand_down(void)
{
	char number[16];
	size_t len = 0;

	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDNAMES");
	if (count == 0)
		return true;
	for (int i = 0; i < count; i++) {
		if (fcntl(HOLD_STORE_FIRST + i, F_SETFD, 0) != 0)
			return false;
		len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
		    i > 0 ? ":" : "", names[i]);
	}
	if (setenv("LISTEN_FDNAMES", list, 1) != 0)
		return false;
	snprintf(number, sizeof(number), "%d", count);
	if (setenv("LISTEN_FDS", number, 1) != 0)
		return false;
	snprintf(number, sizeof(number), "%ld", (long)getpid());
	return setenv("LISTEN_PID", number, 1) == 0;
}

void
hold_store_close(void)
{
	while (count > 0)
		close(HOLD_STORE_FIRST + --count);
}
