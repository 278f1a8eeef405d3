/* SPDX-License-Identifier: MIT */
/*
 * guestbook-sign -- one more entry, and one more in the counter: both or none.
 *
 *	POST /guestbook	a form: name, message
 *
 *	303	to the page
 */
#include "fn.h"
#include "guestbook-sign.sql.h"

enum { NAME, MESSAGE };

static const struct fn_input inputs[] = {
    [NAME] = {.name = "name",
        .in = FN_BODY,
        .type = FN_LINE,
        .required = true,
        .max = 80},
    [MESSAGE] = {.name = "message",
        .in = FN_BODY,
        .type = FN_TEXT,
        .required = true,
        .max = 1000},
};

static enum http_status
guestbook_sign(struct req *req, struct reply *reply)
{
	req_query(req, &add_entry,
	    DB_ARGS(req_text(req, NAME), req_text(req, MESSAGE)));
	req_query(req, &add_one, DB_NO_ARGS);
	return reply_redirect(reply, HTTP_SEE_OTHER, "/guestbook");
}

FN_DESCRIPTOR(guestbook_sign) = {
    .route = "POST /guestbook",
    .about = "Sign the guestbook.",
    .auth = FN_PUBLIC,
    .role = FN_WRITER,
    .atomic = true,
    .body = FN_BODY_FORM,
    .inputs = FN_INPUTS(inputs),
    .statements = statements,
    .handle = guestbook_sign,
};
