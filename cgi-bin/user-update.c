/* SPDX-License-Identifier: MIT */
/*
 * user-update -- change one's account.
 *
 *	PUT /api/user	{"user":{"email": str, "username": str, "password": str,
 *			         "bio": str|null, "image": str|null}}
 *	    each as in user-create.c; what is left out stays
 *	    bio	up to 5000 characters; "" and null take it away
 *	    image	up to 2048 characters; the same
 *
 *	200	{"user":{...}} with the token that was sent.  Another password
 *		ends all other sessions; another address is to be verified, and
 *		a mail goes there; one that tells of the change goes to the
 *		address so far
 *	401	no token, or not a valid one
 *	409	the email or the username is somebody else's
 *	422	a field is blank, null, too short, too long or of the wrong type
 */
#include "account.h"
#include "fn.h"
#include "mail.h"
#include "password.h"
#include "user-update.sql.h"

enum { EMAIL, USERNAME, PASSWORD, BIO, IMAGE };

static const struct fn_input inputs[] = {
    [EMAIL] = {ACCOUNT_EMAIL_INPUT},
    [USERNAME] = {ACCOUNT_NAME_INPUT},
    [PASSWORD] = {ACCOUNT_PASSWORD_INPUT},
    [BIO] = {.name = "bio",
        .in = FN_BODY,
        .type = FN_TEXT,
        .nullable = true,
        .max = ACCOUNT_BIO_MAX,
        .about = "what the user says of himself"},
    [IMAGE] = {.name = "image",
        .in = FN_BODY,
        .type = FN_TEXT,
        .nullable = true,
        .max = ACCOUNT_IMAGE_MAX,
        .about = "where a picture of him is"},
};

static enum http_status
user_update(struct req *req, struct reply *reply)
{
	const char *password = req_text(req, PASSWORD);
	char hash[PASSWORD_HASH_BYTES];
	struct db_rows *user;

	if (password != NULL)
		password_hash(password, strlen(password), hash);
	user = req_query(req, &change,
	    DB_ARGS(req->user_id, req_text(req, EMAIL), req_text(req, USERNAME),
	        password != NULL ? hash : NULL,
	        req_has(req, BIO) ? "true" : "false", req_text(req, BIO),
	        req_has(req, IMAGE) ? "true" : "false", req_text(req, IMAGE)));
	if (db_refused(user) == DB_DUPLICATE)
		return account_taken(reply, user);
	if (password != NULL)
		req_query(
		    req, &end_others, DB_ARGS(req->user_id, req->session_id));
	if (user->n == 1 && db_bool(user, 0, "moved"))
		mail_send(req, &verify, req->user_id, MAIL_VERIFY_S);
	return account_reply(reply, HTTP_OK, user, req->token);
}

FN_DESCRIPTOR(user_update) = {
    .route = "PUT /api/user",
    .about = "Change one's account.",
    .auth = FN_REQUIRED,
    .role = FN_ACCOUNT,
    .atomic = true, /* nothing is stored when the reply fails */
    .body_root = "user",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "the user, with the token that was sent",
            USER_REPLY_SHAPE),
        FN_REFUSAL(
            HTTP_CONFLICT, "the username or the email has already been taken")),
    .statements = statements,
    .limits = {.deadline_ms = 5000,        /* PASSWORD_YIELD_MS, and the rest */
        .max_instances = FN_ONE_PER_CORE}, /* Argon2id */
    .handle = user_update,
};
