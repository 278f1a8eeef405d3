/* SPDX-License-Identifier: MIT */
/*
 * session-delete-others -- end all of one's sessions but the current one.
 *
 *	DELETE /api/user/sessions
 *
 *	204	they have ended; none of their tokens is good any more
 *	401	no token, or not a valid one
 */
#include "fn.h"
#include "session-delete-others.sql.h"

static enum http_status
session_delete_others(struct req *req, struct reply *reply)
{
	(void)reply;
	req_query(req, &end, DB_ARGS(req->user_id, req->session_id));
	return HTTP_NO_CONTENT;
}

FN_DESCRIPTOR(session_delete_others) = {
    .route = "DELETE /api/user/sessions",
    .about = "End all of one's sessions but the current one.",
    .auth = FN_REQUIRED,
    .role = FN_ACCOUNT,
    .replies = FN_REPLIES(FN_ANSWER(HTTP_NO_CONTENT, "they have ended", NULL)),
    .statements = statements,
    .handle = session_delete_others,
};
