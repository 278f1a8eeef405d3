/* SPDX-License-Identifier: MIT */
/*
 * atomic -- two rows in one transaction, in all the ways in which that can end.
 *
 *	POST /test/atomic?how=
 *
 *	201	{"ran": int}: how often the handler has run for it
 *
 * how: 0 well; 1 the second row is taken, and said so; 2 the same, and nobody
 * asks; 3 a constraint that is checked at the commit fails; 4 the handler
 * refuses for a reason of its own; 5 it dies; 6 it says 201 after a refusal
 * that it has asked about.
 */
#include "atomic.sql.h"
#include "die.h"
#include "fn.h"

enum { HOW };

static const struct fn_input inputs[] = {
    [HOW] = {.name = "how",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 6,
        .or_else = "0",
        .about = "how it is to end"},
};

static enum http_status
atomic(struct req *req, struct reply *reply)
{
	static int64_t ran;
	int64_t how = req_int(req, HOW);
	struct db_rows *second;

	ran++;
	req_query(req, &first, DB_ARGS("1"));
	second = req_query(req, &insert,
	    DB_ARGS(how == 1 || how == 2 || how == 6 ? "1" : "2",
	        how == 3 ? "4711" : NULL));
	if (how == 1 && db_refused(second) == DB_DUPLICATE)
		return reply_error(
		    reply, HTTP_CONFLICT, "id", db_constraint(second));
	if (how == 6)
		(void)db_refused(second);
	if (how == 4)
		return reply_error(reply, HTTP_FORBIDDEN, "how", "is 4");
	if (how == 5)
		bug("as asked for");
	out_begin(&reply->out, NULL);
	out_int(&reply->out, "ran", ran);
	out_end(&reply->out);
	return HTTP_CREATED;
}

FN_DESCRIPTOR(atomic) = {
    .route = "POST /test/atomic",
    .about = "Two rows, both or neither.",
    .auth = FN_PUBLIC,
    .role = FN_WRITER,
    .atomic = true,
    .inputs = FN_INPUTS(inputs),
    .statements = statements,
    .handle = atomic,
};
