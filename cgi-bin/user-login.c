/* SPDX-License-Identifier: MIT */
/*
 * user-login -- a token for an email and its password.
 *
 *	POST /api/users/login	{"user":{"email": str, "password": str}}
 *
 *	200	{"user":{...}} with a token
 *	401	no such user or a wrong password: the same answer, after the
 *		same work
 *	403	the account is suspended
 *	422	a field is blank, too long or not text
 *	429	too many wrong passwords for this email, whether there is such a
 *		user or not; or, by nginx, too many requests of one address
 */
#include "account.h"
#include "fn.h"
#include "session.h"
#include "user-login.sql.h"

enum { EMAIL, PASSWORD, AGENT };

static const struct fn_input inputs[] = {
    [EMAIL] = {ACCOUNT_LOGIN_INPUT},
    [PASSWORD] = {ACCOUNT_KNOWN_PASSWORD_INPUT("password")},
    [AGENT] = {SESSION_AGENT_INPUT},
};

static enum http_status
user_login(struct req *req, struct reply *reply)
{
	struct db_rows *user, *session;
	enum http_status status;

	status = session_login(req, reply, &by_email, req_text(req, EMAIL),
	    req_text(req, PASSWORD), &user);
	if (status != HTTP_OK)
		return status;
	session = req_query(req, &begin_session,
	    DB_ARGS(db_as_text(user, 0, "id"),
	        db_text(user, 0, "password_hash"), req_text(req, AGENT),
	        req_address(req), account_session_s(req->arena)));
	if (session->n == 0) /* another password by now */
		return session_no_login(reply);
	return account_reply(reply, HTTP_OK, user,
	    account_token(
	        req->arena, db_int(user, 0, "id"), db_int(session, 0, "id")));
}

FN_DESCRIPTOR(user_login) = {
    .route = "POST /api/users/login",
    .about = "Log in.",
    .auth = FN_PUBLIC,
    .role = FN_ACCOUNT,
    .rate = "login",
    .repeatable = true, /* and the password has to be right each time */
    .body_root = "user",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "the user, with a new token", USER_REPLY_SHAPE),
        FN_REFUSAL(HTTP_UNAUTHORIZED,
            "there is no such user, or the password is wrong"),
        FN_REFUSAL(HTTP_FORBIDDEN, "the account is suspended")),
    .statements = statements,
    .limits = {.body_max_bytes = 64 * 1024,
        .deadline_ms = 5000,               /* PASSWORD_YIELD_MS, and the rest */
        .max_instances = FN_ONE_PER_CORE}, /* Argon2id takes a whole core */
    .handle = user_login,
};
