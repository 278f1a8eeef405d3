/* SPDX-License-Identifier: MIT */
/* column -- a function that reads columns as no other does: GET /test/column
 * answers with all of two rows, out of their order and some twice; with wrong=1
 * it reads a text as a number, which is a bug and aborts. */
#include "fn.h"

static const struct fn_input inputs[] = {
    {"wrong", FN_QUERY, FN_INT, false, 0, 1, .or_else = "0",
        .about = "whether to read a text as a number"},
    {0},
};

/* As many columns as there may be (DB_COLUMNS_MAX). */
static const struct db_statement wide = {"column.wide",
    "SELECT 1 AS c1, 2 AS c2, 3 AS c3, 4 AS c4, 5 AS c5, 6 AS c6, 7 AS c7,"
    " 8 AS c8, 9 AS c9, 10 AS c10, 11 AS c11, 12 AS c12, 13 AS c13, 14 AS c14,"
    " 15 AS c15, 16 AS c16, 17 AS c17, 18 AS c18, 19 AS c19, 20 AS c20,"
    " 21 AS c21, 22 AS c22, 23 AS c23, 24 AS c24, 25 AS c25, 26 AS c26,"
    " 27 AS c27, 28 AS c28, NULL::text AS none, ''::text AS empty,"
    " 'row ' || n AS name, n AS last FROM generate_series(1, 2) AS n"};

static enum http_status
column(struct req *req, struct reply *reply)
{
	struct db_rows rows;
	enum db_status st;

	st = db_query(req->db, &rows, &wide, DB_NO_ARGS);
	if (st != DB_OK)
		return reply_db(reply, st);
	out_begin(&reply->out, NULL);
	out_list(&reply->out, "rows");
	for (int i = 0; i < rows.n; i++) {
		out_list(&reply->out, NULL);
		out_int(&reply->out, NULL, db_int(&rows, i, "last"));
		out_int(&reply->out, NULL, db_int(&rows, i, "c1"));
		out_int(&reply->out, NULL, db_int(&rows, i, "c2"));
		out_int(&reply->out, NULL, db_int(&rows, i, "c28"));
		out_int(&reply->out, NULL, db_int(&rows, i, "c1"));
		out_int(&reply->out, NULL, db_int(&rows, i, "c1"));
		out_text(&reply->out, NULL, db_text(&rows, i, "none"));
		out_span(&reply->out, NULL, db_span(&rows, i, "empty"));
		out_span(&reply->out, NULL, db_span(&rows, i, "name"));
		out_int(&reply->out, NULL, db_int(&rows, i, "last"));
		out_span(&reply->out, NULL, db_span(&rows, i, "name"));
		out_end(&reply->out);
	}
	out_end(&reply->out);
	if (req_int(req, "wrong") == 1) {
		out_span(&reply->out, "empty", db_span(&rows, 0, "empty"));
		out_int(&reply->out, "name", db_int(&rows, 0, "name"));
	}
	out_end(&reply->out);
	return HTTP_OK;
}

static const struct fn fn = {
    .name = "column",
    .route = "GET /test/column",
    .about = "Reads columns in every way.",
    .auth = FN_PUBLIC,
    .inputs = inputs,
    .statements = (const struct db_statement *const[]){&wide, NULL},
    .handle = column,
};

int
main(int argc, char *argv[])
{
	return fn_main(argc, argv, &fn);
}
