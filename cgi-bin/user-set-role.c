/* SPDX-License-Identifier: MIT */
/*
 * user-set-role -- make a user a moderator, an admin, or neither.
 *
 *	PUT /api/admin/users/:username/role	{"user":{"role": str}}
 *	    role	user, moderator or admin
 *
 *	200	{"user":{"username","role"}}; it counts from his next request on
 *	401	no token, or not a valid one
 *	403	the user is no admin
 *	404	nobody has this name
 *	409	he is the last admin; "mayfly role" makes another
 *	422	no such role
 */
#include "account.h"
#include "fn.h"
#include "moderation.h"
#include "user-set-role.sql.h"

enum { USERNAME, ROLE };

static const struct fn_input inputs[] = {
    [USERNAME] = {ACCOUNT_NAME_PATH},
    [ROLE] = {.name = "role",
        .in = FN_BODY,
        .type = FN_CHOICE,
        .required = true,
        .choices = "user moderator admin",
        .about = "what he is to be"},
};

static enum http_status
user_set_role(struct req *req, struct reply *reply)
{
	struct db_rows *user;

	user = req_query(req, &change,
	    DB_ARGS(
	        req->user_id, req_text(req, USERNAME), req_text(req, ROLE)));
	if (db_is_null(user, 0, "username"))
		return reply_not_found(reply, "profile");
	if (db_bool(user, 0, "last"))
		return reply_error(
		    reply, HTTP_CONFLICT, "role", "is the last admin's");
	return moderation_reply_role(reply, user);
}

FN_DESCRIPTOR(user_set_role) = {
    .route = "PUT /api/admin/users/:username/role",
    .about = "Make a user a moderator, an admin, or neither.",
    .auth = FN_REQUIRED,
    .role = FN_ACCOUNT,
    .body_root = "user",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_OK, "the user", MODERATION_ROLE_SHAPE),
        FN_REFUSAL(HTTP_FORBIDDEN, "the user is no admin"),
        FN_REFUSAL(HTTP_NOT_FOUND, "nobody has this name"),
        FN_REFUSAL(HTTP_CONFLICT, "he is the last admin")),
    .statements = statements,
    .handle = user_set_role,
};
