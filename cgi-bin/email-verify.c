/* SPDX-License-Identifier: MIT */
/*
 * email-verify -- the address is verified, by what the mail to it says.
 *
 *	POST /api/email/verifications	{"token": str}
 *
 *	204	it is
 *	422	token is none, was used, or is too old; or the account has
 *		another address by now
 */
#include "email-verify.sql.h"
#include "fn.h"
#include "mail.h"

enum { TOKEN };

static const struct fn_input inputs[] = {
    [TOKEN] = {MAIL_TOKEN_INPUT},
};

static enum http_status
email_verify(struct req *req, struct reply *reply)
{
	const char *token = mail_token(req, TOKEN);
	struct db_rows *rows[2];

	req_query_all(req, rows,
	    (const struct db_call[]){
	        {&lock, DB_ARGS(token)},
	        {&verify, DB_ARGS(token)},
	    },
	    2);
	return rows[1]->changed == 1 ? HTTP_NO_CONTENT : mail_no_token(reply);
}

FN_DESCRIPTOR(email_verify) = {
    .route = "POST /api/email/verifications",
    .about = "Verify an address.",
    .auth = FN_PUBLIC,
    .role = FN_ACCOUNT,
    .rate = "reset",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_NO_CONTENT, "the address is verified", NULL)),
    .statements = statements,
    .limits = {.body_max_bytes = 64 * 1024},
    .handle = email_verify,
};
