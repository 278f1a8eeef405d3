/* SPDX-License-Identifier: MIT */
/*
 * user-role -- what the user may: whether a front end offers moderation.
 *
 *	GET /api/user/role
 *
 *	200	{"user":{"username","role"}}: user, moderator or admin
 *	401	no token, not a valid one, or its user is gone
 */
#include "fn.h"
#include "moderation.h"
#include "user-role.sql.h"

static enum http_status
user_role(struct req *req, struct reply *reply)
{
	struct db_rows *user;

	user = req_query(req, &by_id, DB_ARGS(req->user_id));
	if (user->n == 0)
		return reply_no_user(reply);
	return moderation_reply_role(reply, user);
}

FN_DESCRIPTOR(user_role) = {
    .route = "GET /api/user/role",
    .about = "The role of the current user.",
    .auth = FN_REQUIRED,
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "the user", MODERATION_ROLE_SHAPE)),
    .statements = statements,
    .handle = user_role,
};
