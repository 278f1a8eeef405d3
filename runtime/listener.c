/* SPDX-License-Identifier: MIT */
/* listener -- see listener.h. */
#include "listener.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

int
listener_open(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd, len, error;

	len = snprintf(address.sun_path, sizeof(address.sun_path), "%s~", path);
	if (len < 0 || (size_t)len >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if ((unlink(address.sun_path) == 0 || errno == ENOENT) &&
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
	    chmod(address.sun_path, 0660) == 0 &&
	    listen(fd, LISTENER_BACKLOG) == 0 &&
	    rename(address.sun_path, path) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* The path of a socket is its name for ever, as it was given to bind(2): with
 * the "~" at its end.  Whether the file there is of this socket only a
 * connection tells, and mayflyd alone makes files there. */
bool
listener_is_at(int fd, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t size = sizeof(int);
	int listening = 0;
	struct stat st;
	size_t len;

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 ||
	    listening == 0)
		return false;
	size = sizeof(address) - 1;
	if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		return false;
	len = strlen(path);
	return strncmp(address.sun_path, path, len) == 0 &&
	       strcmp(address.sun_path + len, "~") == 0 &&
	       lstat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

bool
listener_queued(int fd)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};

	return poll(&pfd, 1, 0) > 0;
}
