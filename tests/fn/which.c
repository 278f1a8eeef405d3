/* SPDX-License-Identifier: MIT */
/*
 * which -- says which build it is: GET /test/which?n=1.  Tests make others of
 * it by another text of the same length in the executable.
 */
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
	(void)req;
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
