/* SPDX-License-Identifier: MIT */
/*
 * user-login -- a token for an email and its password.
 *
 *	POST /api/users/login	{"user":{"email": str, "password": str}}
 *
 *	200	{"user":{...}} with a token
 *	401	no such user or a wrong password: the same answer, after the
 *		same work
 *	422	a field is blank or not text
 */
#include <string.h>

#include "account.h"
#include "fn.h"
#include "password.h"

static const struct fn_input inputs[] = {
    {"email", FN_BODY, FN_LINE, true, 1, ACCOUNT_EMAIL_MAX,
        .about = "the address the user registered with"},
    {"password", FN_BODY, FN_SECRET, true, 1, ACCOUNT_PASSWORD_MAX,
        .about = "the user's password"},
    {0},
};

static const struct db_statement by_email = {"user-login.by-email",
    "SELECT id, username, email, bio, image, password_hash FROM account"
    " WHERE lower(email) = lower($1::text)"};

static enum http_status
user_login(struct req *req, struct reply *reply)
{
	const char *password = req_text(req, "password"), *hash = NULL;
	struct db_rows rows;
	enum db_status st;

	st = db_query(
	    req->db, &rows, &by_email, DB_ARGS(req_text(req, "email")));
	if (st != DB_OK)
		return reply_db(reply, st);
	if (rows.n == 1)
		hash = db_text(&rows, 0, "password_hash");
	if (!password_matches(hash, password, strlen(password)))
		return reply_error(
		    reply, HTTP_UNAUTHORIZED, "credentials", "invalid");
	return account_reply(reply, HTTP_OK, &rows,
	    account_token(req->arena, db_int(&rows, 0, "id")));
}

static const struct fn fn = {
    .name = "user-login",
    .route = "POST /api/users/login",
    .about = "Log in.",
    .auth = FN_PUBLIC,
    .body_root = "user",
    .inputs = inputs,
    .statements = (const struct db_statement *const[]){&by_email, NULL},
    .limits = {.body_max_bytes = 64 * 1024,
        .max_instances = FN_ONE_PER_CORE}, /* Argon2id takes a whole core */
    .handle = user_login,
};

int
main(int argc, char *argv[])
{
	return fn_main(argc, argv, &fn);
}
