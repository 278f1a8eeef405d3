/* SPDX-License-Identifier: MIT */
/* crash -- a function that dies before it serves: GET /test/crash.  Only
 * --describe works, so that it can be deployed. */
#include <stdlib.h>

#include "fn.h"

static enum http_status
crash(struct req *req, struct reply *reply)
{
	(void)req;
	(void)reply;
	abort();
}

static const struct fn fn = {
    .name = "crash",
    .route = "GET /test/crash",
    .about = "Dies when it starts.",
    .auth = FN_PUBLIC,
    .handle = crash,
};

int
main(int argc, char *argv[])
{
	if (argc == 1)
		abort();
	return fn_main(argc, argv, &fn);
}
