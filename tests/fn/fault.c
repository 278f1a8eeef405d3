/* SPDX-License-Identifier: MIT */
/*
 * fault -- a function that dies in the middle of a request, one time in n:
 * GET /test/fault?n=2.  The count is of one instance, so that a retry meets
 * another outcome.  With ms it sleeps first.
 */
#include <stdlib.h>
#include <time.h>

#include "fn.h"

enum { N, MS };

static const struct fn_input inputs[] = {
    [N] = {.name = "n",
        .in = FN_QUERY,
        .type = FN_INT,
        .min = 1,
        .max = 1000000,
        .or_else = "1",
        .about = "die at every n-th request"},
    [MS] = {.name = "ms",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 60000,
        .or_else = "0",
        .about = "how long to sleep, in milliseconds"},
};

static enum http_status
fault(struct req *req, struct reply *reply)
{
	static int64_t count;
	int64_t ms = req_int(req, MS);
	struct timespec span = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&span, NULL);
	if (++count % req_int(req, N) == 0)
		abort();
	out_begin(&reply->out, NULL);
	out_int(&reply->out, "count", count);
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(fault) = {
    .route = "GET /test/fault",
    .about = "Dies at every n-th request.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .limits = {.deadline_ms = 2000},
    .handle = fault,
};
