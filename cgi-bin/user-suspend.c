/* SPDX-License-Identifier: MIT */
/*
 * user-suspend -- keep a user out: all his sessions end, none begins.
 *
 *	PUT /api/moderation/users/:username/suspension
 *			{"suspension":{"reason": str}}
 *	    reason	1 to 1000 characters, for the log
 *
 *	204	he is suspended; again changes nothing
 *	401	no token, or not a valid one
 *	403	the user is no moderator; or, as profile, his role is not above
 *		the other one's: users are left to moderators, these to admins
 *	404	nobody has this name
 *	422	reason is blank, too long or no text
 */
#include "account.h"
#include "fn.h"
#include "moderation.h"
#include "user-suspend.sql.h"

enum { USERNAME, REASON };

static const struct fn_input inputs[] = {
    [USERNAME] = {ACCOUNT_NAME_PATH},
    [REASON] = {MODERATION_REASON_INPUT, .in = FN_BODY, .required = true},
};

static enum http_status
user_suspend(struct req *req, struct reply *reply)
{
	return moderation_done_user(
	    reply, req_query(req, &suspend,
	               DB_ARGS(req->user_id, req_text(req, USERNAME),
	                   req_text(req, REASON))));
}

FN_DESCRIPTOR(user_suspend) = {
    .route = "PUT /api/moderation/users/:username/suspension",
    .about = "Keep a user out.",
    .auth = FN_REQUIRED,
    .role = FN_ACCOUNT,
    .body_root = "suspension",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_NO_CONTENT, "he is suspended", NULL),
        FN_REFUSAL(HTTP_FORBIDDEN,
            "the user is no moderator, or no higher than the other"),
        FN_REFUSAL(HTTP_NOT_FOUND, "nobody has this name")),
    .statements = statements,
    .handle = user_suspend,
};
