/* SPDX-License-Identifier: MIT */
/* nap -- a function that takes its time: GET /test/nap?ms=100. */
#include <time.h>

#include "fn.h"

enum { MS };

static const struct fn_input inputs[] = {
    [MS] = {.name = "ms",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 60000,
        .or_else = "0",
        .about = "how long to sleep, in milliseconds"},
};

static enum http_status
nap(struct req *req, struct reply *reply)
{
	int64_t ms = req_int(req, MS);
	struct timespec span = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&span, NULL);
	out_begin(&reply->out, NULL);
	out_int(&reply->out, "slept_ms", ms);
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(nap) = {
    .route = "GET /test/nap",
    .about = "Sleeps, then answers.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .handle = nap,
};
