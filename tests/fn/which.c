/* SPDX-License-Identifier: MIT */
/*
 * which -- says which build it is: GET /test/which?n=1; n=666 crashes it. Tests
 * make others of it by another text of the same length in the executable.
 */
#include <stdlib.h>

#include "fn.h"

enum { N };

static const struct fn_input inputs[] = {
    [N] = {.name = "n",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 1000000,
        .or_else = "0"},
};

static enum http_status
which(struct req *req, struct reply *reply)
{
	if (req_int(req, N) == 666)
		abort();
	out_begin(&reply->out, NULL);
	out_text(&reply->out, "build", "build-0000");
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(which) = {
    .route = "GET /test/which",
    .about = "Says which build it is.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .handle = which,
};
