/* SPDX-License-Identifier: MIT */
/*
 * user-create -- register a user.
 *
 *	POST /api/users	{"user":{"username": str, "email": str,
 *			         "password": str}}
 *	    username	1 to 64 characters that a name can have (precis.h),
 *			unique without regard to case
 *	    email	an address of 3 to 254 characters, unique likewise
 *	    password	8 to 1024 bytes
 *
 *	201	{"user":{...}} with a token, bio and image null; a mail goes to
 *		the address, to verify it.  Repeated with an Idempotency-Key,
 *		the user as he is by now, and a new token
 *	409	the username or the email has already been taken
 *	422	a field is blank, too long, too short, not text, or no name
 *		or address
 *	429	too many from one address
 *
 * There is no SELECT first: the unique indexes (sql/002-blog.sql) decide, so
 * of two equal requests at once one loses.
 */
#include <string.h>

#include "account.h"
#include "fn.h"
#include "mail.h"
#include "password.h"
#include "session.h"
#include "user-create.sql.h"

enum { USERNAME, EMAIL, PASSWORD, AGENT };

static const struct fn_input inputs[] = {
    [USERNAME] = {ACCOUNT_NAME_INPUT, .required = true},
    [EMAIL] = {ACCOUNT_EMAIL_INPUT, .required = true},
    [PASSWORD] = {ACCOUNT_PASSWORD_INPUT, .required = true},
    [AGENT] = {SESSION_AGENT_INPUT},
};

static enum http_status
user_create(struct req *req, struct reply *reply)
{
	const char *password = req_text(req, PASSWORD);
	char hash[PASSWORD_HASH_BYTES];
	struct db_rows *user;

	password_hash(password, strlen(password), hash);
	user = req_query(req, &insert,
	    DB_ARGS(req_text(req, USERNAME), req_text(req, EMAIL), hash,
	        account_session_s(req->arena), req_text(req, AGENT),
	        req_address(req)));
	if (db_refused(user) == DB_DUPLICATE)
		return account_taken(reply, user);
	mail_send(req, &verify, db_as_text(user, 0, "id"), MAIL_VERIFY_S);
	reply_keep(reply, db_as_text(user, 0, "id"));
	return account_reply(reply, HTTP_CREATED, user,
	    account_token(req->arena, db_int(user, 0, "id"),
	        db_int(user, 0, "session_id")));
}

/* Who has another password by now is not let in with the old one. */
static enum http_status
user_create_again(struct req *req, struct reply *reply, const char *id)
{
	const char *password = req_text(req, PASSWORD), *hash = NULL;
	struct db_rows *user, *session;

	user = req_query(req, &by_id, DB_ARGS(id));
	if (db_failed(user))
		return HTTP_OK; /* the library answers: no hash is wasted */
	if (user->n == 1)
		hash = db_text(user, 0, "password_hash");
	if (!password_matches(hash, password, strlen(password)))
		return account_taken(reply, user);
	session = req_query(req, &begin_session,
	    DB_ARGS(id, hash, req_text(req, AGENT), req_address(req),
	        account_session_s(req->arena)));
	if (session->n == 0) /* or is suspended */
		return account_taken(reply, user);
	return account_reply(reply, HTTP_CREATED, user,
	    account_token(
	        req->arena, db_int(user, 0, "id"), db_int(session, 0, "id")));
}

FN_DESCRIPTOR(user_create) = {
    .route = "POST /api/users",
    .about = "Register a user.",
    .auth = FN_PUBLIC,
    .role = FN_ACCOUNT,
    .rate = "register",
    .atomic = true, /* no account without a token and a mail */
    .replay = user_create_again,
    .body_root = "user",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_CREATED, "the user, with a token", USER_REPLY_SHAPE),
        FN_REFUSAL(
            HTTP_CONFLICT, "the username or the email has already been taken")),
    .statements = statements,
    .limits = {.body_max_bytes = 64 * 1024,
        .deadline_ms = 5000,               /* PASSWORD_YIELD_MS, and the rest */
        .max_instances = FN_ONE_PER_CORE}, /* Argon2id takes a whole core */
    .handle = user_create,
};
