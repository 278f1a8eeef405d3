/* SPDX-License-Identifier: MIT */
/*
 * password-reset-confirm -- a new password, by what the mail says.
 *
 *	POST /api/password-resets/confirm	{"token": str, "password": str}
 *
 *	204	it is changed; all sessions have ended, a mail says so, and the
 *		address is verified
 *	403	the account is suspended
 *	422	token is none, was used, or is too old; or the account has
 *		another address by now; password is too short or too long
 */
#include <string.h>

#include "account.h"
#include "fn.h"
#include "mail.h"
#include "password-reset-confirm.sql.h"
#include "password.h"
#include "session.h"

enum { TOKEN, PASSWORD };

static const struct fn_input inputs[] = {
    [TOKEN] = {MAIL_TOKEN_INPUT},
    [PASSWORD] = {ACCOUNT_PASSWORD_INPUT, .required = true},
};

static enum http_status
password_reset_confirm(struct req *req, struct reply *reply)
{
	const char *password = req_text(req, PASSWORD), *id;
	const char *token = mail_token(req, TOKEN);
	char hash[PASSWORD_HASH_BYTES];
	struct db_rows *user, *rows[4];

	user = req_query(req, &by_token, DB_ARGS(token));
	if (user->n == 0)
		return mail_no_token(reply);
	if (session_refuse(reply, user) != HTTP_OK)
		return HTTP_FORBIDDEN;
	id = db_as_text(user, 0, "id");
	password_hash(password, strlen(password), hash);
	req_query_all(req, rows,
	    (const struct db_call[]){
	        {&lock, DB_ARGS(id)},
	        {&change, DB_ARGS(id, hash, token)},
	        {&end_all, DB_ARGS(id, hash)},
	        {&tell, DB_ARGS(id, hash)},
	    },
	    4);
	return rows[1]->changed == 1 ? HTTP_NO_CONTENT : mail_no_token(reply);
}

FN_DESCRIPTOR(password_reset_confirm) = {
    .route = "POST /api/password-resets/confirm",
    .about = "Set a new password, by what the mail says.",
    .auth = FN_PUBLIC,
    .role = FN_ACCOUNT,
    .rate = "reset",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_NO_CONTENT,
                              "it is changed, all sessions have ended", NULL),
        FN_REFUSAL(HTTP_FORBIDDEN, "the account is suspended")),
    .statements = statements,
    .limits = {.body_max_bytes = 64 * 1024,
        .deadline_ms = 5000,               /* PASSWORD_YIELD_MS, and the rest */
        .max_instances = FN_ONE_PER_CORE}, /* Argon2id takes a whole core */
    .handle = password_reset_confirm,
};
