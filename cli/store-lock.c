/* SPDX-License-Identifier: MIT */
/* store-lock -- see store-lock.h. */
#include "store-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store.h"

static int
read_holder(int fd)
{
	char text[16] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	long pid;

	text[n > 0 ? n : 0] = '\0';
	pid = strtol(text, NULL, 10);
	return pid > 0 && pid <= INT32_MAX ? (int)pid : 0;
}

/* For who finds it taken; a failure costs only that word. */
static void
write_holder(int fd)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d\n", (int)getpid());

	if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)len, 0) != len)
		errno = 0;
}

int
store_lock_take(
    const char *store, const char *app, int *holder, char *problem, size_t size)
{
	char path[STORE_PATH_MAX];
	int fd;

	*holder = 0;
	if (!store_path(path, store, app, "lock")) {
		snprintf(problem, size, "the path of the store is too long");
		return -1;
	}
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0) {
		snprintf(problem, size, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		write_holder(fd);
		return fd;
	}
	snprintf(problem, size, "%s: %s", path, strerror(errno));
	if (errno == EWOULDBLOCK) {
		*holder = read_holder(fd);
		if (*holder <= 0)
			*holder = -1; /* has not said yet */
	}
	close(fd);
	return -1;
}
