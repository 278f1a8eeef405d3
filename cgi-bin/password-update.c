/* SPDX-License-Identifier: MIT */
/*
 * password-update -- change one's password, with the one so far.
 *
 *	PUT /api/user/password	{"user":{"currentPassword": str,
 *				         "password": str}}
 *
 *	204	it is changed; all other sessions have ended, and a mail says so
 *	401	no token, or not a valid one
 *	409	another request has just changed it
 *	422	currentPassword is wrong; password is too short or too long
 */
#include <string.h>

#include "account.h"
#include "fn.h"
#include "password-update.sql.h"
#include "password.h"

enum { CURRENT, PASSWORD };

static const struct fn_input inputs[] = {
    [CURRENT] = {ACCOUNT_KNOWN_PASSWORD_INPUT("currentPassword")},
    [PASSWORD] = {ACCOUNT_PASSWORD_INPUT, .required = true},
};

static enum http_status
password_update(struct req *req, struct reply *reply)
{
	const char *current = req_text(req, CURRENT);
	const char *password = req_text(req, PASSWORD), *was;
	char hash[PASSWORD_HASH_BYTES];
	struct db_rows *user, *rows[3];

	user = req_query(req, &by_id, DB_ARGS(req->user_id));
	if (db_failed(user))
		return HTTP_OK;
	was = user->n == 1 ? db_text(user, 0, "password_hash") : NULL;
	if (!password_matches(was, current, strlen(current)))
		return reply_invalid(reply, "currentPassword", "is wrong");
	password_hash(password, strlen(password), hash);
	req_query_all(req, rows,
	    (const struct db_call[]){
	        {&change, DB_ARGS(req->user_id, hash, was)},
	        {&end_others, DB_ARGS(req->user_id, hash, req->session_id)},
	        {&tell, DB_ARGS(req->user_id, hash)},
	    },
	    3);
	if (rows[0]->changed == 0)
		return reply_error(reply, HTTP_CONFLICT, "currentPassword",
		    "has just been changed");
	return HTTP_NO_CONTENT;
}

FN_DESCRIPTOR(password_update) = {
    .route = "PUT /api/user/password",
    .about = "Change one's password.",
    .auth = FN_REQUIRED,
    .role = FN_ACCOUNT,
    .rate = "login",
    .body_root = "user",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_NO_CONTENT,
            "it is changed, all other sessions have ended", NULL),
        FN_REFUSAL(HTTP_CONFLICT, "another request has just changed it")),
    .statements = statements,
    .limits = {.body_max_bytes = 64 * 1024,
        .deadline_ms = 8000,               /* twice PASSWORD_YIELD_MS */
        .max_instances = FN_ONE_PER_CORE}, /* Argon2id takes a whole core */
    .handle = password_update,
};
