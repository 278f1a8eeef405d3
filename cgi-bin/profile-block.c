/* SPDX-License-Identifier: MIT */
/*
 * profile-block -- have nothing to do with a user.
 *
 *	PUT /api/profiles/:username/block
 *
 *	He follows one no more, and may not follow one, comment on one's
 *	articles, make them favourites or answer one's comments: 403.  His own
 *	comments one sees no more.
 *
 *	200	{"profile":{...}}; again changes nothing
 *	401	no token, or not a valid one
 *	404	nobody has this name
 *	422	it is one's own
 */
#include "account.h"
#include "fn.h"
#include "profile-block.sql.h"

enum { USERNAME };

static const struct fn_input inputs[] = {
    [USERNAME] = {ACCOUNT_NAME_PATH},
};

static enum http_status
profile_block(struct req *req, struct reply *reply)
{
	struct db_rows *profile;

	profile = req_query(
	    req, &insert, DB_ARGS(req_text(req, USERNAME), req->user_id));
	if (profile->n == 1 && db_bool(profile, 0, "mine"))
		return reply_invalid(reply, "username", "is your own");
	return account_reply_profile(reply, profile);
}

FN_DESCRIPTOR(profile_block) = {
    .route = "PUT /api/profiles/:username/block",
    .about = "Have nothing to do with a user.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "the profile, blocked", PROFILE_REPLY_SHAPE),
        FN_REFUSAL(HTTP_NOT_FOUND, "nobody has this name")),
    .statements = statements,
    .handle = profile_block,
};
