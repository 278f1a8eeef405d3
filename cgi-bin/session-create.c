/* SPDX-License-Identifier: MIT */
/*
 * session-create -- log in: a session that is refreshed.
 *
 *	POST /api/sessions	{"session":{"email": str, "password": str}}
 *
 *	201	{"session":{"id","accessToken","refreshToken","expiresIn",
 *		"user":{...}}}: the access token lasts expiresIn seconds; then
 *		session-refresh gives the next
 *	401	no such user or a wrong password: the same answer, after the
 *		same work
 *	403	the account is suspended
 *	429	as user-login.c
 *	422	a field is blank, too long or not text
 */
#include <string.h>

#include "account.h"
#include "fn.h"
#include "session-create.sql.h"
#include "session.h"

enum { EMAIL, PASSWORD, AGENT };

static const struct fn_input inputs[] = {
    [EMAIL] = {ACCOUNT_LOGIN_INPUT},
    [PASSWORD] = {ACCOUNT_KNOWN_PASSWORD_INPUT("password")},
    [AGENT] = {SESSION_AGENT_INPUT},
};

static enum http_status
session_create(struct req *req, struct reply *reply)
{
	struct session_refresh refresh = session_refresh_new(req->arena);
	struct db_rows *user, *session;
	enum http_status status;

	status = session_login(req, reply, &by_email, req_text(req, EMAIL),
	    req_text(req, PASSWORD), &user);
	if (status != HTTP_OK)
		return status;
	session = req_query(req, &begin,
	    DB_ARGS(db_as_text(user, 0, "id"),
	        db_text(user, 0, "password_hash"), req_text(req, AGENT),
	        req_address(req), refresh.family, refresh.secret,
	        session_idle_s(req->arena)));
	if (session->n == 0) /* another password by now */
		return session_no_login(reply);
	return session_reply(req, reply, HTTP_CREATED, session, refresh.text);
}

FN_DESCRIPTOR(session_create) = {
    .route = "POST /api/sessions",
    .about = "Log in, with tokens that are refreshed.",
    .auth = FN_PUBLIC,
    .role = FN_ACCOUNT,
    .repeatable = true, /* as user-login */
    .rate = "login",
    .body_root = "session",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_CREATED, "a session", SESSION_REPLY_SHAPE),
        FN_REFUSAL(HTTP_UNAUTHORIZED, "no such user, or a wrong password"),
        FN_REFUSAL(HTTP_FORBIDDEN, "the account is suspended")),
    .statements = statements,
    .limits = {.body_max_bytes = 64 * 1024,
        .deadline_ms = 5000,               /* PASSWORD_YIELD_MS, and the rest */
        .max_instances = FN_ONE_PER_CORE}, /* Argon2id takes a whole core */
    .handle = session_create,
};
