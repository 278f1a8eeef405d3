/* SPDX-License-Identifier: MIT */
/*
 * health -- liveness: a function can be started and answers.
 *
 *	GET /healthz
 *
 *	200	{"status":"ok"}
 *
 * It asks nobody; whether the database answers is readiness: ready.c.
 */
#include "fn.h"

static enum http_status
health(struct req *req, struct reply *reply)
{
	(void)req;
	out_begin(&reply->out, NULL);
	out_text(&reply->out, "status", "ok");
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(health) = {
    .route = "GET /healthz",
    .about = "Whether functions can be started.",
    .auth = FN_PUBLIC,
    .replies = FN_REPLIES(FN_ANSWER(HTTP_OK, "they can", "{status: line}")),
    .handle = health,
};
