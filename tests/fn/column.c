/* SPDX-License-Identifier: MIT */
/*
 * column -- reads columns as no other function does.
 *
 *	GET /test/column?wrong=
 *
 *	200	all of two rows, out of their order and some twice
 *
 * wrong makes a mistake, and the function dies of it: 1 a text as a number,
 * 2 a column that is not there, 3 a row that is not there, 4 NULL as a number,
 * 5 an input that is not there.
 */
#include "column.sql.h"
#include "fn.h"

enum { WRONG };

static const struct fn_input inputs[] = {
    [WRONG] = {.name = "wrong",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 5,
        .or_else = "0",
        .about = "the mistake to make"},
};

static void
make_mistake(struct req *req, struct db_rows *rows, int64_t which)
{
	switch (which) {
	case 1:
		(void)db_int(rows, 0, "name");
		break;
	case 2:
		(void)db_int(rows, 0, "c33");
		break;
	case 3:
		(void)db_int(rows, 2, "c1");
		break;
	case 4:
		(void)db_int(rows, 0, "nothing");
		break;
	case 5:
		(void)req_text(req, 7);
		break;
	default:
		break;
	}
}

static enum http_status
column(struct req *req, struct reply *reply)
{
	struct db_rows *rows = req_query(req, &wide, DB_NO_ARGS);

	out_begin(&reply->out, NULL);
	out_list(&reply->out, "rows");
	for (int i = 0; i < rows->n; i++) {
		out_list(&reply->out, NULL);
		out_int(&reply->out, NULL, db_int(rows, i, "last"));
		out_int(&reply->out, NULL, db_int(rows, i, "c1"));
		out_int(&reply->out, NULL, db_int(rows, i, "c2"));
		out_int(&reply->out, NULL, db_int(rows, i, "c28"));
		out_int(&reply->out, NULL, db_int(rows, i, "c1"));
		out_int(&reply->out, NULL, db_int(rows, i, "c1"));
		out_text(&reply->out, NULL, db_text(rows, i, "none"));
		out_span(&reply->out, NULL, db_span(rows, i, "empty"));
		out_span(&reply->out, NULL, db_span(rows, i, "name"));
		out_int(&reply->out, NULL, db_int(rows, i, "last"));
		out_span(&reply->out, NULL, db_span(rows, i, "name"));
		out_end(&reply->out);
	}
	out_end(&reply->out);
	make_mistake(req, rows, req_int(req, WRONG));
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(column) = {
    .route = "GET /test/column",
    .about = "Reads columns in every way.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .statements = statements,
    .handle = column,
};
