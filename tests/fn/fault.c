/* SPDX-License-Identifier: MIT */
/*
 * fault -- a function that dies in the middle of a request, one time in n:
 * GET /test/fault?n=2.  The count is of one instance, so that a retry meets
 * another outcome.
 */
#include <stdlib.h>

#include "fn.h"

static const struct fn_input inputs[] = {
    {"n", FN_QUERY, FN_INT, false, 1, 1000000, .or_else = "1",
        .about = "die at every n-th request"},
    {0},
};

static enum http_status
fault(struct req *req, struct reply *reply)
{
	static int64_t count;

	if (++count % req_int(req, "n") == 0)
		abort();
	out_begin(&reply->out, NULL);
	out_int(&reply->out, "count", count);
	out_end(&reply->out);
	return HTTP_OK;
}

static const struct fn fn = {
    .name = "fault",
    .route = "GET /test/fault",
    .about = "Dies at every n-th request.",
    .auth = FN_PUBLIC,
    .inputs = inputs,
    .handle = fault,
};

int
main(int argc, char *argv[])
{
	return fn_main(argc, argv, &fn);
}
