/* SPDX-License-Identifier: MIT */
/*
 * guard -- who may is decided by the function: POST /test/guard
 *
 *	x-api-key	the setting TEST_KEY; or
 *	x-signature	sha256= and the body's signature with TEST_HOOK_KEY
 *
 *	200	{"by": "key" or "signature", "body": str, "user": str}
 *	401	neither
 *	403	a key, and ?role=reader
 */
#include <string.h>

#include "fn.h"
#include "signature.h"

enum { KEY, SIGNATURE, ROLE, TIMES };

static const struct fn_input inputs[] = {
    [KEY] = {.name = "x-api-key", .in = FN_HEADER, .type = FN_TEXT, .max = 100},
    [SIGNATURE] = {.name = "x-signature",
        .in = FN_HEADER,
        .type = FN_TEXT,
        .max = 100},
    [ROLE] = {.name = "role",
        .in = FN_QUERY,
        .type = FN_CHOICE,
        .choices = "reader writer"},
    [TIMES] = {.name = "times", .in = FN_QUERY, .type = FN_INT, .max = 3},
};

static bool
is_signed(const struct req *req)
{
	static const char scheme[] = "sha256=";
	const char *given = req_text(req, SIGNATURE);
	struct span body = req_body(req);

	if (given == NULL || strncmp(given, scheme, strlen(scheme)) != 0)
		return false;
	return signature_matches(span_of(req_setting(req, "TEST_HOOK_KEY")),
	    &body, 1, span_of(given + strlen(scheme)));
}

static enum http_status
may_call(struct req *req, struct reply *reply)
{
	if (is_signed(req))
		return HTTP_OK;
	if (!signature_same(req_text(req, KEY), req_setting(req, "TEST_KEY")))
		return reply_error(
		    reply, HTTP_UNAUTHORIZED, "key", "is missing or wrong");
	if (req_has(req, ROLE) && req_choice(req, ROLE) == 0)
		return reply_error(reply, HTTP_FORBIDDEN, "role", "may not");
	req->user_id = "7";
	return HTTP_OK;
}

static enum http_status
guard(struct req *req, struct reply *reply)
{
	struct span body = req_body(req);

	out_begin(&reply->out, NULL);
	out_text(&reply->out, "by", req->user_id != NULL ? "key" : "signature");
	out_span(&reply->out, "body", body);
	out_text(&reply->out, "user", req->user_id);
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(guard) = {
    .route = "POST /test/guard",
    .about = "Lets those in who have a key, or sign.",
    .auth = FN_PUBLIC,
    .guard = may_call,
    .rate = "write",
    .body = FN_BODY_RAW,
    .body_type = "text/plain",
    .inputs = FN_INPUTS(inputs),
    .settings = "TEST_KEY TEST_HOOK_KEY",
    .handle = guard,
};
