/* SPDX-License-Identifier: MIT */
/*
 * user-delete -- delete one's account and all that is its.
 *
 *	DELETE /api/user	{"user":{"password": str}}
 *
 *	204	it is gone, with its articles, comments, favourites, follows and
 *		sessions; a mail says so
 *	401	no token, or not a valid one
 *	422	password is wrong
 */
#include <string.h>

#include "account.h"
#include "fn.h"
#include "password.h"
#include "user-delete.sql.h"

enum { PASSWORD };

static const struct fn_input inputs[] = {
    [PASSWORD] = {ACCOUNT_KNOWN_PASSWORD_INPUT("password")},
};

static enum http_status
user_delete(struct req *req, struct reply *reply)
{
	const char *password = req_text(req, PASSWORD), *me = req->user_id;
	const char *hash;
	struct db_rows *user, *rows[6];

	user = req_query(req, &by_id, DB_ARGS(me));
	if (db_failed(user))
		return HTTP_OK;
	hash = user->n == 1 ? db_text(user, 0, "password_hash") : NULL;
	if (!password_matches(hash, password, strlen(password)))
		return reply_invalid(reply, "password", "is wrong");
	req_query_all(req, rows,
	    (const struct db_call[]){
	        {&lock, DB_ARGS(me)},
	        {&remove_comments, DB_ARGS(me)},
	        {&remove_favorites, DB_ARGS(me)},
	        {&remove_articles, DB_ARGS(me)},
	        {&tell, DB_ARGS(me)},
	        {&remove_account, DB_ARGS(me)},
	    },
	    6);
	return HTTP_NO_CONTENT;
}

FN_DESCRIPTOR(user_delete) = {
    .route = "DELETE /api/user",
    .about = "Delete one's account and all that is its.",
    .auth = FN_REQUIRED,
    .role = FN_ACCOUNT,
    .rate = "login",
    .body_root = "user",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_NO_CONTENT, "it is gone", NULL)),
    .statements = statements,
    .limits = {.body_max_bytes = 64 * 1024,
        .deadline_ms = 30000,
        .query_ms = 25000,
        .max_instances = FN_ONE_PER_CORE}, /* Argon2id takes a whole core */
    .handle = user_delete,
};
