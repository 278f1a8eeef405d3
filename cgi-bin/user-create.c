/* SPDX-License-Identifier: MIT */
/*
 * user-create -- register a user.
 *
 *	POST /api/users	{"user":{"username": str, "email": str,
 *			         "password": str}}
 *	    username	1 to 64 characters, unique without regard to case
 *	    email	an address, unique without regard to case
 *	    password	8 to 1024 bytes
 *
 *	201	{"user":{...}} with a token, bio and image null
 *	409	the username or the email has already been taken
 *	422	a field is blank, too long, too short or not text
 *
 * There is no SELECT first: the unique indexes (sql/002-blog.sql) decide, so
 * of two equal requests at once one loses.
 */
#include <string.h>

#include "account.h"
#include "fn.h"
#include "password.h"

static const struct fn_input inputs[] = {
    {"username", FN_BODY, FN_LINE, true, 1, ACCOUNT_NAME_MAX,
        .about = "how the user is called"},
    {"email", FN_BODY, FN_EMAIL, true, 3, ACCOUNT_EMAIL_MAX,
        .about = "the address to log in with"},
    {"password", FN_BODY, FN_SECRET, true, ACCOUNT_PASSWORD_MIN,
        ACCOUNT_PASSWORD_MAX, .about = "the password to log in with"},
    {0},
};

static const struct db_statement insert_account = {"user-create.insert",
    "INSERT INTO account (username, email, password_hash)"
    " VALUES ($1::text, $2::text, $3::text)"
    " RETURNING id, username, email, bio, image"};

static enum http_status
user_create(struct req *req, struct reply *reply)
{
	const char *password = req_text(req, "password");
	char hash[PASSWORD_HASH_BYTES];
	struct db_rows rows;
	enum db_status st;

	password_hash(password, strlen(password), hash);
	st = db_query(req->db, &rows, &insert_account,
	    DB_ARGS(req_text(req, "username"), req_text(req, "email"), hash));
	if (st == DB_DUPLICATE)
		return reply_error(reply, HTTP_CONFLICT,
		    strcmp(db_constraint(req->db), "account_email_key") == 0
		        ? "email"
		        : "username",
		    "has already been taken");
	if (st != DB_OK)
		return reply_db(reply, st);
	return account_reply(reply, HTTP_CREATED, &rows,
	    account_token(req->arena, db_int(&rows, 0, "id")));
}

static const struct fn fn = {
    .name = "user-create",
    .route = "POST /api/users",
    .about = "Register a user.",
    .auth = FN_PUBLIC,
    .body_root = "user",
    .inputs = inputs,
    .statements = (const struct db_statement *const[]){&insert_account, NULL},
    .limits = {.body_max_bytes = 64 * 1024,
        .max_instances = FN_ONE_PER_CORE}, /* Argon2id takes a whole core */
    .handle = user_create,
};

int
main(int argc, char *argv[])
{
	return fn_main(argc, argv, &fn);
}
