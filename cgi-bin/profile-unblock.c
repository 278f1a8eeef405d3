/* SPDX-License-Identifier: MIT */
/*
 * profile-unblock -- block a user no more.  What blocking has ended stays so.
 *
 *	DELETE /api/profiles/:username/block
 *
 *	200	{"profile":{...}}; again changes nothing
 *	401	no token, or not a valid one
 *	404	nobody has this name
 */
#include "account.h"
#include "fn.h"
#include "profile-unblock.sql.h"

enum { USERNAME };

static const struct fn_input inputs[] = {
    [USERNAME] = {ACCOUNT_NAME_PATH},
};

static enum http_status
profile_unblock(struct req *req, struct reply *reply)
{
	return account_reply_profile(
	    reply, req_query(req, &remove,
	               DB_ARGS(req_text(req, USERNAME), req->user_id)));
}

FN_DESCRIPTOR(profile_unblock) = {
    .route = "DELETE /api/profiles/:username/block",
    .about = "Block a user no more.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "the profile, not blocked", PROFILE_REPLY_SHAPE),
        FN_REFUSAL(HTTP_NOT_FOUND, "nobody has this name")),
    .statements = statements,
    .handle = profile_unblock,
};
