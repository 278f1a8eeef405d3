/* SPDX-License-Identifier: MIT */
/*
 * user-get -- the user that a token belongs to.
 *
 *	GET /api/user
 *
 *	200	{"user":{...}} with the token that was sent
 *	401	no token, not a valid one, or its user is gone
 */
#include "account.h"
#include "fn.h"

static const struct db_statement by_id = {"user-get.by-id",
    "SELECT username, email, bio, image FROM account WHERE id = $1::bigint"};

static enum http_status
user_get(struct req *req, struct reply *reply)
{
	struct db_rows rows;
	enum db_status st;

	st = db_query(req->db, &rows, &by_id, DB_ARGS(req->user_id));
	if (st != DB_OK)
		return reply_db(reply, st);
	if (rows.n == 0)
		return reply_error(
		    reply, HTTP_UNAUTHORIZED, "token", "is invalid");
	return account_reply(reply, HTTP_OK, &rows, req->token);
}

static const struct fn fn = {
    .name = "user-get",
    .route = "GET /api/user",
    .about = "The current user.",
    .auth = FN_REQUIRED,
    .statements = (const struct db_statement *const[]){&by_id, NULL},
    .handle = user_get,
};

int
main(int argc, char *argv[])
{
	return fn_main(argc, argv, &fn);
}
