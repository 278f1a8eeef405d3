/* SPDX-License-Identifier: MIT */
/*
 * profile-follow -- follow a user.
 *
 *	POST /api/profiles/:username/follow
 *
 *	200	{"profile":{...}}; again changes nothing
 *	401	no token, or not a valid one
 *	403	he blocks the user
 *	404	nobody has this name
 *	422	it is one's own
 */
#include "account.h"
#include "fn.h"
#include "profile-follow.sql.h"

enum { USERNAME };

static const struct fn_input inputs[] = {
    [USERNAME] = {ACCOUNT_NAME_PATH},
};

static enum http_status
profile_follow(struct req *req, struct reply *reply)
{
	struct db_rows *profile;

	profile = req_query(
	    req, &insert, DB_ARGS(req_text(req, USERNAME), req->user_id));
	if (profile->n == 1 && !db_bool(profile, 0, "following"))
		return reply_invalid(reply, "username", "is your own");
	if (profile->n == 1 && db_bool(profile, 0, "blocked"))
		return reply_error(
		    reply, HTTP_FORBIDDEN, "profile", "forbidden");
	return account_reply_profile(reply, profile);
}

FN_DESCRIPTOR(profile_follow) = {
    .route = "POST /api/profiles/:username/follow",
    .about = "Follow a user.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "the profile, followed", PROFILE_REPLY_SHAPE),
        FN_REFUSAL(HTTP_FORBIDDEN, "one may not follow him"),
        FN_REFUSAL(HTTP_NOT_FOUND, "nobody has this name")),
    .statements = statements,
    .handle = profile_follow,
};
