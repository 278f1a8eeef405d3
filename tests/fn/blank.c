/* SPDX-License-Identifier: MIT */
/*
 * blank -- a path input that names no least length.
 *
 *	GET /test/blank/:name
 *
 *	200	{"name": str}
 */
#include "fn.h"

enum { NAME };

static const struct fn_input inputs[] = {
    [NAME] = {.name = "name", .in = FN_PATH, .type = FN_LINE, .max = 64},
};

static enum http_status
blank(struct req *req, struct reply *reply)
{
	out_begin(&reply->out, NULL);
	out_text(&reply->out, "name", req_text(req, NAME));
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(blank) = {
    .route = "GET /test/blank/:name",
    .about = "Says what it is called by.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .handle = blank,
};
