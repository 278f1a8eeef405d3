/* SPDX-License-Identifier: MIT */
/*
 * password-reset-create -- ask for a mail by which a password can be reset.
 *
 *	POST /api/password-resets	{"email": str}
 *
 *	202	{"passwordReset":{"expiresIn"}}: if somebody has this address, a
 *		mail will go there, good for so many seconds; those before it
 *		are no good any more.  The answer and the work are the same for
 *		an address that nobody has
 *	422	email is blank, too long or not text
 *	429	too many of this address
 */
#include "account.h"
#include "fn.h"
#include "mail.h"
#include "password-reset-create.sql.h"
#include "rate.h"

enum { EMAIL };

static const struct fn_input inputs[] = {
    [EMAIL] = {ACCOUNT_LOGIN_INPUT},
};

static enum http_status
password_reset_create(struct req *req, struct reply *reply)
{
	const char *email = req_text(req, EMAIL), *account;

	account =
	    db_text(req_query(req, &as_compared, DB_ARGS(email)), 0, "account");
	if (account != NULL && !rate_allows(req, reply, account))
		return HTTP_TOO_MANY_REQUESTS;
	mail_send(req, &reset, email, MAIL_RESET_S);
	out_begin(&reply->out, NULL);
	out_begin(&reply->out, "passwordReset");
	out_int(&reply->out, "expiresIn", MAIL_RESET_S);
	out_end(&reply->out);
	out_end(&reply->out);
	return HTTP_ACCEPTED;
}

FN_DESCRIPTOR(password_reset_create) = {
    .route = "POST /api/password-resets",
    .about = "Ask for a mail by which a password can be reset.",
    .auth = FN_PUBLIC,
    .role = FN_ACCOUNT,
    .repeatable = true, /* the newest mail is the one that counts */
    .rate = "reset",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_ACCEPTED,
        "a mail will be sent, if somebody has this address",
        "{passwordReset: {expiresIn: int}}")),
    .statements = statements,
    .limits = {.body_max_bytes = 64 * 1024},
    .handle = password_reset_create,
};
