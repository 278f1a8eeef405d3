/* SPDX-License-Identifier: MIT */
/*
 * user-get -- the user that a token belongs to.
 *
 *	GET /api/user
 *
 *	200	{"user":{...}} with the token that was sent
 *	401	no token, not a valid one, or its user is gone
 */
#include "account.h"
#include "fn.h"
#include "user-get.sql.h"

static enum http_status
user_get(struct req *req, struct reply *reply)
{
	return account_reply(reply, HTTP_OK,
	    req_query(req, &by_id, DB_ARGS(req->user_id)), req->token);
}

FN_DESCRIPTOR(user_get) = {
    .route = "GET /api/user",
    .about = "The current user.",
    .auth = FN_REQUIRED,
    .role = FN_ACCOUNT,
    .replies = FN_REPLIES(FN_ANSWER(
        HTTP_OK, "the user, with the token that was sent", USER_REPLY_SHAPE)),
    .statements = statements,
    .handle = user_get,
};
