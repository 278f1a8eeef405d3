/* SPDX-License-Identifier: MIT */
/*
 * outcome -- a handler that breaks what it promises: GET /test/outcome?how=
 *
 * how: 0 it keeps it; 1 a 404 without an error; 2 a 200 with one; 3 an object
 * is left open; 4 one end too many; 5 a status that is none; 6 a 200 without a
 * body; 7 a header with a line break; 8 a reply larger than its limit.
 */
#include "fn.h"

enum { HOW };

static const struct fn_input inputs[] = {
    [HOW] = {.name = "how",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 8,
        .or_else = "0",
        .about = "which promise to break"},
};

static enum http_status
outcome(struct req *req, struct reply *reply)
{
	int64_t how = req_int(req, HOW);

	if (how == 1)
		return HTTP_NOT_FOUND;
	if (how == 6)
		return HTTP_OK;
	if (how == 7)
		reply_header(reply, "X-Test", "a\nb");
	out_begin(&reply->out, NULL);
	out_text(&reply->out, "how", "well");
	for (int i = 0; how == 8 && i < 100; i++)
		out_text(&reply->out, "more", "0123456789");
	if (how != 3)
		out_end(&reply->out);
	if (how == 4)
		out_end(&reply->out);
	if (how == 2)
		return reply_error(reply, HTTP_OK, "how", "is 2");
	return how == 5 ? (enum http_status)299 : HTTP_OK;
}

FN_DESCRIPTOR(outcome) = {
    .route = "GET /test/outcome",
    .about = "Breaks a promise.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .limits = {.reply_max_bytes = 1000},
    .handle = outcome,
};
