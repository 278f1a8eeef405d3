/* SPDX-License-Identifier: MIT */
/*
 * email-verification-create -- ask for a mail that verifies one's address.
 *
 *	POST /api/user/email/verification
 *
 *	202	{"verification":{"email","expiresIn"}}: a mail will go there,
 *		good for so many seconds; those before it are no good any more
 *	401	no token, or not a valid one
 *	409	it is verified already
 */
#include "email-verification-create.sql.h"
#include "fn.h"
#include "mail.h"

static enum http_status
email_verification_create(struct req *req, struct reply *reply)
{
	struct db_rows *user;

	user = req_query(req, &unverified, DB_ARGS(req->user_id));
	if (user->n == 0)
		return reply_error(
		    reply, HTTP_CONFLICT, "email", "is already verified");
	mail_send(req, &verify, req->user_id, MAIL_VERIFY_S);
	out_begin(&reply->out, NULL);
	out_begin(&reply->out, "verification");
	out_span(&reply->out, "email", db_span(user, 0, "email"));
	out_int(&reply->out, "expiresIn", MAIL_VERIFY_S);
	out_end(&reply->out);
	out_end(&reply->out);
	return HTTP_ACCEPTED;
}

FN_DESCRIPTOR(email_verification_create) = {
    .route = "POST /api/user/email/verification",
    .about = "Ask for a mail that verifies one's address.",
    .auth = FN_REQUIRED,
    .role = FN_ACCOUNT,
    .rate = "reset",
    .replies = FN_REPLIES(FN_ANSWER(HTTP_ACCEPTED, "a mail will be sent",
                              "{verification: {email: line, expiresIn: int}}"),
        FN_REFUSAL(HTTP_CONFLICT, "it is verified already")),
    .statements = statements,
    .handle = email_verification_create,
};
