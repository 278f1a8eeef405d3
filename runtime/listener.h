/* SPDX-License-Identifier: MIT */
/*
 * listener -- the listening socket of a release: bound once, by its path, and
 * then accepted from by the instances themselves.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include <sys/un.h>

#include "base.h"

enum {
	LISTENER_BACKLOG = 4096, /* listen(2); net.core.somaxconn caps it */
	LISTENER_PATH_MAX = sizeof(((struct sockaddr_un *)NULL)->sun_path),
};

/*
 * A socket that listens at path, non-blocking and close-on-exec.  It is bound
 * beside its place and renamed into it, so that the place is never empty.  -1
 * with errno.
 */
int listener_open(const char *path) MUST_CHECK;

/* Whether fd is the socket that listens at path: one that was kept while
 * mayflyd was gone can still be reached. */
bool listener_is_at(int fd, const char *path) MUST_CHECK;

/* Whether a connection waits. */
bool listener_queued(int fd);

#endif /* LISTENER_H */
