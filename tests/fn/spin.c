/* SPDX-License-Identifier: MIT */
/* spin -- a function that loops for ever: GET /test/spin, deadline 500 ms. */
#include "fn.h"

static enum http_status
spin(struct req *req, struct reply *reply)
{
	volatile bool forever = true;

	(void)req;
	while (forever)
		continue;
	return reply_error(reply, HTTP_INTERNAL_SERVER_ERROR, "spin", "ended");
}

FN_DESCRIPTOR(spin) = {
    .route = "GET /test/spin",
    .about = "Loops for ever.",
    .auth = FN_PUBLIC,
    .limits = {.deadline_ms = 500, .max_instances = 2},
    .handle = spin,
};
