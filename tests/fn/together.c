/* SPDX-License-Identifier: MIT */
/*
 * together -- several statements as one: POST /test/together?how=
 *
 *	201	{"ids":[1,2,3]}
 *
 * how: 0 well; 1 the last row is taken; 2 a constraint that is checked at the
 * commit fails; 3 nobody asks how it went; 4 a count of arguments is wrong;
 * 5 a statement that the descriptor does not list; 6 one by one, two of which
 * are refused, and only the second is asked about; 7 the same, the first is
 * asked about when the second has failed for another reason; 8 one alone, whose
 * constraint is checked at its commit fails; 9 one alone that is well.
 */
#include "fn.h"
#include "together.sql.h"

enum { HOW };

static const struct fn_input inputs[] = {
    [HOW] = {.name = "how",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 9,
        .or_else = "0",
        .about = "how it is to end"},
};

static const struct db_statement stray = {
    .name = "together.stray", .sql = "SELECT 1"};

static enum http_status
one_by_one(const struct req *req, struct reply *reply, int64_t how)
{
	struct db_rows *taken, *other;

	req_query(req, &insert, DB_ARGS("1", NULL));
	taken = req_query(req, &insert, DB_ARGS("1", NULL));
	other = req_query(
	    req, &insert, DB_ARGS(how == 6 ? "1" : "9", how == 6 ? NULL : "x"));
	(void)db_refused(other);
	if (how == 7 && db_refused(taken) == DB_DUPLICATE)
		return reply_error(
		    reply, HTTP_CONFLICT, "id", db_constraint(taken));
	out_begin(&reply->out, NULL);
	out_end(&reply->out);
	return HTTP_CREATED;
}

static enum http_status
one_alone(const struct req *req, struct reply *reply, int64_t how)
{
	struct db_rows *row;

	row = req_query(req, &insert, DB_ARGS("1", how == 8 ? "4711" : NULL));
	if (db_refused(row) == DB_NO_PARENT)
		return reply_error(
		    reply, HTTP_CONFLICT, "id", db_constraint(row));
	return reply_row(reply, HTTP_CREATED, "row", row);
}

static enum http_status
together(struct req *req, struct reply *reply)
{
	int64_t how = req_int(req, HOW);
	const char *const one[] = {"1", NULL};
	const char *const two[] = {"2", how == 2 ? "4711" : NULL};
	const char *const three[] = {how == 1 || how == 3 ? "1" : "3", NULL};
	const struct db_call calls[] = {
	    {&insert, one, 2},
	    {&insert, two, how == 4 ? 1 : 2},
	    {how == 5 ? &stray : &insert, three, how == 5 ? 0 : 2},
	};
	struct db_rows *rows[LENGTH(calls)];

	if (how >= 8)
		return one_alone(req, reply, how);
	if (how >= 6)
		return one_by_one(req, reply, how);
	req_query_all(req, rows, calls, LENGTH(calls));
	if (how != 3 && db_refused(rows[0]) != DB_OK)
		return reply_error(
		    reply, HTTP_CONFLICT, "id", db_constraint(rows[2]));
	out_begin(&reply->out, NULL);
	out_list(&reply->out, "ids");
	for (size_t i = 0; i < LENGTH(rows); i++)
		out_int(&reply->out, NULL, db_int(rows[i], 0, "id"));
	out_end(&reply->out);
	out_end(&reply->out);
	return HTTP_CREATED;
}

FN_DESCRIPTOR(together) = {
    .route = "POST /test/together",
    .about = "Three rows in one round trip, all or none.",
    .auth = FN_PUBLIC,
    .role = FN_WRITER,
    .inputs = FN_INPUTS(inputs),
    .statements = statements,
    .handle = together,
};
