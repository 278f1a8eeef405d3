/* SPDX-License-Identifier: MIT */
/*
 * gate -- a guard that takes a ticket, in the transaction of the handler, and a
 * check of inputs that may have faults.
 *
 *	POST /test/gate?ticket=10&a=1&b=2
 *
 *	201	{"ran": int}: how often the handler has run; the ticket is gone
 *		and the row beside it is there
 *	303	there is no such ticket: to /login
 *	422	a is above b, or they are no numbers
 */
#include "fn.h"
#include "gate.sql.h"

enum { TICKET, A, B };

static const struct fn_input inputs[] = {
    [TICKET] = {.name = "ticket", .in = FN_QUERY, .type = FN_INT, .max = 100},
    [A] = {.name = "a",
        .in = FN_QUERY,
        .type = FN_INT,
        .required = true,
        .max = 100},
    [B] = {.name = "b",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 100,
        .or_else = "50"},
};

static enum http_status
take_ticket(struct req *req, struct reply *reply)
{
	struct db_rows *ticket;

	reply_header(reply, "X-Guard", "was here");
	ticket = req_query(req, &burn, DB_ARGS(req_text(req, TICKET)));
	if (ticket->n == 0)
		return reply_redirect(reply, HTTP_SEE_OTHER, "/login");
	return HTTP_OK;
}

static void
a_below_b(struct req *req, struct reply *reply)
{
	if (req_int(req, A) > req_int(req, B))
		reply_invalid(reply, "a", "must not be above b");
	if (!req_has(req, A))
		reply_invalid(reply, "a", "belongs to b");
}

static enum http_status
gate(struct req *req, struct reply *reply)
{
	static int64_t ran;

	ran++;
	req_query(req, &work, DB_ARGS(req_text(req, TICKET)));
	out_begin(&reply->out, NULL);
	out_int(&reply->out, "ran", ran);
	out_end(&reply->out);
	return HTTP_CREATED;
}

FN_DESCRIPTOR(gate) = {
    .route = "POST /test/gate",
    .about = "Lets in who has a ticket.",
    .auth = FN_PUBLIC,
    .role = FN_WRITER,
    .guard = take_ticket,
    .atomic = true,
    .inputs = FN_INPUTS(inputs),
    .check = a_below_b,
    .statements = statements,
    .handle = gate,
};
