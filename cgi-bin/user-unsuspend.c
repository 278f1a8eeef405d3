/* SPDX-License-Identifier: MIT */
/*
 * user-unsuspend -- let a user in again.
 *
 *	DELETE /api/moderation/users/:username/suspension?reason=
 *	    reason	1 to 1000 characters, for the log; may be left out
 *
 *	204	he is not suspended; again changes nothing
 *	401	no token, or not a valid one
 *	403	the user is no moderator; or, as profile, his role is not above
 *		the other one's: users are left to moderators, these to admins
 *	404	nobody has this name
 *	422	reason is too long or no text
 */
#include "account.h"
#include "fn.h"
#include "moderation.h"
#include "user-unsuspend.sql.h"

enum { USERNAME, REASON };

static const struct fn_input inputs[] = {
    [USERNAME] = {ACCOUNT_NAME_PATH},
    [REASON] = {MODERATION_REASON_INPUT, .in = FN_QUERY},
};

static enum http_status
user_unsuspend(struct req *req, struct reply *reply)
{
	return moderation_done_user(
	    reply, req_query(req, &unsuspend,
	               DB_ARGS(req->user_id, req_text(req, USERNAME),
	                   req_text(req, REASON))));
}

FN_DESCRIPTOR(user_unsuspend) = {
    .route = "DELETE /api/moderation/users/:username/suspension",
    .about = "Let a user in again.",
    .auth = FN_REQUIRED,
    .role = FN_ACCOUNT,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_NO_CONTENT, "he is not suspended", NULL),
        FN_REFUSAL(HTTP_FORBIDDEN,
            "the user is no moderator, or no higher than the other"),
        FN_REFUSAL(HTTP_NOT_FOUND, "nobody has this name")),
    .statements = statements,
    .handle = user_unsuspend,
};
