/* SPDX-License-Identifier: MIT */
/*
 * crash -- a function that dies when it starts to serve.  --describe works, so
 * that it can be deployed.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fn.h"

/* Before main(), when descriptor 0 is a socket. */
static void __attribute__((constructor)) die_at_start(void)
{
	int type;
	socklen_t len = sizeof(type);

	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &len) == 0)
		abort();
}

static enum http_status
crash(struct req *req, struct reply *reply)
{
	(void)req;
	(void)reply;
	abort();
}

FN_DESCRIPTOR(crash) = {
    .route = "GET /test/crash",
    .about = "Dies when it starts.",
    .auth = FN_PUBLIC,
    .handle = crash,
};
