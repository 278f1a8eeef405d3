/* SPDX-License-Identifier: MIT */
/* quit -- a function that ends its process inside a request: GET /test/quit
 * calls exit(0), as a library may. */
#include <stdlib.h>

#include "fn.h"

static enum http_status
quit(struct req *req, struct reply *reply)
{
	(void)req;
	(void)reply;
	exit(0);
}

FN_DESCRIPTOR(quit) = {
    .route = "GET /test/quit",
    .about = "Ends its process inside a request.",
    .auth = FN_PUBLIC,
    .handle = quit,
};
