/* SPDX-License-Identifier: MIT */
/*
 * profile-get -- a user, as others see him.
 *
 *	GET /api/profiles/:username
 *
 *	200	{"profile":{...}}; following is false for strangers
 *	401	a token was sent and is not valid
 *	404	nobody has this name
 */
#include "account.h"
#include "fn.h"
#include "profile-get.sql.h"

enum { USERNAME };

static const struct fn_input inputs[] = {
    [USERNAME] = {ACCOUNT_NAME_PATH},
};

static enum http_status
profile_get(struct req *req, struct reply *reply)
{
	return account_reply_profile(
	    reply, req_query(req, &by_name,
	               DB_ARGS(req_text(req, USERNAME), req->user_id)));
}

FN_DESCRIPTOR(profile_get) = {
    .route = "GET /api/profiles/:username",
    .about = "A user, as others see him.",
    .auth = FN_OPTIONAL,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "the profile", PROFILE_REPLY_SHAPE),
        FN_REFUSAL(HTTP_NOT_FOUND, "nobody has this name")),
    .statements = statements,
    .handle = profile_get,
};
