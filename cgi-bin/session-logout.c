/* SPDX-License-Identifier: MIT */
/*
 * session-logout -- end the session of this request's token.
 *
 *	DELETE /api/sessions/current
 *
 *	204	it has ended; none of its tokens is good any more
 *	401	no token, or not a valid one
 */
#include "fn.h"
#include "session-logout.sql.h"

static enum http_status
session_logout(struct req *req, struct reply *reply)
{
	(void)reply;
	req_query(req, &end, DB_ARGS(req->user_id, req->session_id));
	return HTTP_NO_CONTENT;
}

FN_DESCRIPTOR(session_logout) = {
    .route = "DELETE /api/sessions/current",
    .about = "Log out.",
    .auth = FN_REQUIRED,
    .role = FN_ACCOUNT,
    .replies = FN_REPLIES(FN_ANSWER(HTTP_NO_CONTENT, "it has ended", NULL)),
    .statements = statements,
    .handle = session_logout,
};
