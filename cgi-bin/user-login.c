/* SPDX-License-Identifier: MIT */
/*
 * user-login -- a token for an email and its password.
 *
 *	POST /api/users/login	{"user":{"email": str, "password": str}}
 *
 *	200	{"user":{...}} with a token
 *	401	no such user or a wrong password: the same answer, after the
 *		same work
 *	403	a moderator has suspended the user: no session begins
 *	422	a field is blank, too long or not text
 *	429	too many wrong passwords for this email, whether there is such a
 *		user or not; or, by nginx, too many requests of one address
 */
#include <string.h>

#include "account.h"
#include "fn.h"
#include "password.h"
#include "rate.h"
#include "user-login.sql.h"

enum { EMAIL, PASSWORD };

/* What is no address belongs to nobody: 401, as for any other. */
static const struct fn_input inputs[] = {
    [EMAIL] = {.name = "email",
        .in = FN_BODY,
        .type = FN_LINE,
        .required = true,
        .min = 1,
        .max = ACCOUNT_EMAIL_MAX,
        .about = "the address the user registered with"},
    [PASSWORD] = {.name = "password",
        .in = FN_BODY,
        .type = FN_SECRET,
        .required = true,
        .min = 1,
        .max = ACCOUNT_PASSWORD_MAX,
        .about = "the user's password"},
};

static enum http_status
user_login(struct req *req, struct reply *reply)
{
	const char *password = req_text(req, PASSWORD), *account, *hash;
	struct db_rows *user, *session;

	user = req_query(req, &by_email, DB_ARGS(req_text(req, EMAIL)));
	if (db_failed(user))
		return HTTP_OK; /* the library answers: no hash is wasted */
	account = db_text(user, 0, "account");
	if (!rate_allows(req, reply, account))
		return HTTP_TOO_MANY_REQUESTS;
	hash = db_text(user, 0, "password_hash");
	if (!password_matches(hash, password, strlen(password)))
		return reply_error(
		    reply, HTTP_UNAUTHORIZED, "credentials", "invalid");
	rate_forgive(req, account);
	session = req_query(req, &begin_session,
	    DB_ARGS(db_as_text(user, 0, "id"), account_session_s(req->arena)));
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
        FN_REFUSAL(HTTP_FORBIDDEN, "the user is suspended")),
    .statements = statements,
    .limits = {.body_max_bytes = 64 * 1024,
        .deadline_ms = 5000,               /* PASSWORD_YIELD_MS, and the rest */
        .max_instances = FN_ONE_PER_CORE}, /* Argon2id takes a whole core */
    .handle = user_login,
};
