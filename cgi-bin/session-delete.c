/* SPDX-License-Identifier: MIT */
/*
 * session-delete -- end one of one's sessions, which counts at once.
 *
 *	DELETE /api/user/sessions/:id
 *
 *	204	it has ended; none of its tokens is good any more
 *	401	no token, or not a valid one
 *	404	the user has no such session, or it had ended
 */
#include "fn.h"
#include "session-delete.sql.h"

enum { ID };

static const struct fn_input inputs[] = {
    [ID] = {.name = "id",
        .in = FN_PATH,
        .type = FN_INT,
        .min = 1,
        .max = INT64_MAX,
        .about = "of the session"},
};

static enum http_status
session_delete(struct req *req, struct reply *reply)
{
	struct db_rows *session;

	session =
	    req_query(req, &end, DB_ARGS(req->user_id, req_text(req, ID)));
	if (session->changed == 0)
		return reply_not_found(reply, "session");
	return HTTP_NO_CONTENT;
}

FN_DESCRIPTOR(session_delete) = {
    .route = "DELETE /api/user/sessions/:id",
    .about = "End one of one's sessions.",
    .auth = FN_REQUIRED,
    .role = FN_ACCOUNT,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_NO_CONTENT, "it has ended", NULL),
        FN_REFUSAL(HTTP_NOT_FOUND, "the user has no such session")),
    .statements = statements,
    .handle = session_delete,
};
