/* SPDX-License-Identifier: MIT */
/*
 * session-refresh -- the next tokens of a session.
 *
 *	POST /api/sessions/refresh	{"refreshToken": str}
 *
 *	200	{"session":{...}} of session-create, with a new refresh token;
 *		this one is spent
 *	401	it is no refresh token, or its session has ended; or it was
 *		spent, and that ends its session: two have it, and nobody can
 *		tell which of them is the user (RFC 9700, 4.14.2)
 *	403	the account is suspended
 *	409	another request with it has just won, and this one was under way
 *		already: two tabs, say.  The session goes on, by what the other
 *		got
 *
 * A client that does not know what became of its request has lost the session,
 * if it was carried out: it logs in again.
 */
#include "arena.h"
#include "fn.h"
#include "session-refresh.sql.h"
#include "session.h"

enum { TOKEN };

static const struct fn_input inputs[] = {
    [TOKEN] = {.name = "refreshToken",
        .in = FN_BODY,
        .type = FN_LINE,
        .required = true,
        .min = 1,
        .max = SESSION_REFRESH_MAX,
        .about = "that of the session"},
};

static enum http_status
session_refresh(struct req *req, struct reply *reply)
{
	struct session_refresh spent, next;
	struct db_rows *session;

	spent = session_refresh_read(req->arena, req_text(req, TOKEN));
	next = session_refresh_next(req->arena, &spent);
	session = req_query(req, &refresh,
	    DB_ARGS(spent.family, spent.secret, next.secret,
	        session_idle_s(req->arena), session_age_max_s(req->arena),
	        arena_format(req->arena, "%lld", (long long)req_sent_ms(req))));
	if (db_failed(session))
		return HTTP_OK;
	if (session->n == 0 || db_bool(session, 0, "stolen"))
		return reply_error(reply, HTTP_UNAUTHORIZED, "refreshToken",
		    "is invalid or has expired");
	if (session_refuse(reply, session) != HTTP_OK)
		return HTTP_FORBIDDEN;
	if (!db_bool(session, 0, "good"))
		return reply_error(reply, HTTP_CONFLICT, "refreshToken",
		    "has just been used by another request");
	return session_reply(req, reply, HTTP_OK, session, next.text);
}

FN_DESCRIPTOR(session_refresh) = {
    .route = "POST /api/sessions/refresh",
    .about = "The next tokens of a session.",
    .auth = FN_PUBLIC,
    .role = FN_ACCOUNT,
    .repeatable = true, /* no key makes up for a token that is spent */
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "the next tokens", SESSION_REPLY_SHAPE),
        FN_REFUSAL(HTTP_UNAUTHORIZED,
            "it is no good, or was spent: the session has ended"),
        FN_REFUSAL(HTTP_FORBIDDEN, "the account is suspended"),
        FN_REFUSAL(HTTP_CONFLICT, "another request with it was faster")),
    .statements = statements,
    .limits = {.body_max_bytes = 64 * 1024},
    .handle = session_refresh,
};
