/* SPDX-License-Identifier: MIT */
/* nap -- a function that takes its time: GET /test/nap?ms=100. */
#include <time.h>

#include "fn.h"

static const struct fn_input inputs[] = {
    {"ms", FN_QUERY, FN_INT, false, 0, 60000, .or_else = "0",
        .about = "how long to sleep, in milliseconds"},
    {0},
};

static enum http_status
nap(struct req *req, struct reply *reply)
{
	int64_t ms = req_int(req, "ms");
	struct timespec span = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&span, NULL);
	out_begin(&reply->out, NULL);
	out_int(&reply->out, "slept_ms", ms);
	out_end(&reply->out);
	return HTTP_OK;
}

static const struct fn fn = {
    .name = "nap",
    .route = "GET /test/nap",
    .about = "Sleeps, then answers.",
    .auth = FN_PUBLIC,
    .inputs = inputs,
    .handle = nap,
};

int
main(int argc, char *argv[])
{
	return fn_main(argc, argv, &fn);
}
