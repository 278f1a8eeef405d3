/* SPDX-License-Identifier: MIT */
/*
 * types -- writes rows with columns of every type: GET /test/types?how=
 *
 *	200	what how asks for
 *
 * how: 0 all rows, and the first by itself; 1 some columns as texts; 2 numbers,
 * and what is NULL; 3 columns with odd names; 4 after a query that failed.
 * These are mistakes, of which the function dies: 5 a type that is not known,
 * 6 the same as text, 7 an array of two dimensions, 8 a row that is not there,
 * 9 two columns of one name.  From 10 on: a list of one text of so many bytes,
 * as text.
 */
#include <string.h>

#include "fn.h"
#include "types.sql.h"

enum { HOW };

static const struct fn_input inputs[] = {
    [HOW] = {.name = "how",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = INT32_MAX,
        .or_else = "0",
        .about = "what to write"},
};

static void
write_texts(struct out *o, struct db_rows *rows)
{
	static const char *const columns[] = {"b", "i2", "i4", "i8", "n", "t",
	    "v", "nm", "u", "d", "j", "jb", "nn", "tt", "tz", "by", "f8"};

	out_list(o, "texts");
	for (int row = 0; row < rows->n; row++) {
		out_begin(o, NULL);
		for (size_t i = 0; i < LENGTH(columns); i++)
			out_text(
			    o, columns[i], db_as_text(rows, row, columns[i]));
		out_end(o);
	}
	out_end(o);
}

static void
write_ints(struct out *o, const char *key, struct pg_array list)
{
	struct span item;
	int64_t value;

	out_list(o, key);
	while (pg_array_next(&list, &item)) {
		if (pg_value_int(item, &value))
			out_int(o, NULL, value);
		else
			out_null(o, NULL);
	}
	out_end(o);
}

static void
write_numbers(struct out *o, struct db_rows *rows)
{
	out_int(o, "f4", (int64_t)(db_float(rows, 0, "f4") * 1000));
	out_int(o, "f8", (int64_t)(db_float(rows, 0, "f8") * 1000));
	write_ints(o, "ii2", db_ints(rows, 0, "ii2"));
	write_ints(o, "ii4", db_ints(rows, 0, "ii4"));
	write_ints(o, "ii8", db_ints(rows, 0, "ii8"));
	out_bool(o, "null", db_is_null(rows, 0, "f4"));
	out_bool(o, "none", db_is_null(rows, rows->n - 1, "f4"));
}

static void
write_every(struct out *o, struct db_rows *rows, int64_t how)
{
	if (how == 1) {
		write_texts(o, rows);
	} else if (how == 2) {
		write_numbers(o, rows);
	} else {
		db_write_row(o, "first", rows, 0);
		db_write_rows(o, "rows", rows);
	}
}

/* The query is refused for its value, which is asked about. */
static void
write_failed(struct out *o, struct db_rows *rows)
{
	out_bool(o, "refused", db_refused(rows) == DB_BAD_VALUE);
	db_write_row(o, "row", rows, 0);
	db_write_rows(o, "rows", rows);
	out_text(o, "text", db_as_text(rows, 0, "id"));
	out_bool(o, "null", db_is_null(rows, 0, "id"));
	out_int(o, "float", (int64_t)db_float(rows, 0, "id"));
	write_ints(o, "ints", db_ints(rows, 0, "id"));
}

static void
make_mistake(struct req *req, struct out *o, int64_t how)
{
	struct db_rows *rows;

	switch (how) {
	case 5:
		rows = req_query(req, &point, DB_NO_ARGS);
		db_write_row(o, "row", rows, 0);
		break;
	case 6:
		rows = req_query(req, &point, DB_NO_ARGS);
		out_text(o, "place", db_as_text(rows, 0, "place"));
		break;
	case 7:
		rows = req_query(req, &square, DB_NO_ARGS);
		db_write_rows(o, "rows", rows);
		break;
	case 8:
		rows = req_query(req, &twice, DB_NO_ARGS);
		db_write_row(o, "row", rows, 1);
		break;
	default:
		rows = req_query(req, &twice, DB_NO_ARGS);
		db_write_row(o, "row", rows, 0);
		break;
	}
}

static enum http_status
write_types(struct req *req, struct reply *reply)
{
	struct out *o = &reply->out;
	int64_t how = req_int(req, HOW);
	struct db_rows *rows;
	const char *text;

	out_begin(o, NULL);
	if (how <= 2) {
		write_every(o, req_query(req, &every, DB_NO_ARGS), how);
	} else if (how == 3) {
		rows = req_query(req, &odd_names, DB_NO_ARGS);
		db_write_rows(o, "rows", rows);
	} else if (how == 4) {
		write_failed(o, req_query(req, &refused, DB_NO_ARGS));
	} else if (how < 10) {
		make_mistake(req, o, how);
	} else {
		rows = req_query(req, &long_list, DB_ARGS(req_text(req, HOW)));
		text = db_as_text(rows, 0, "list");
		out_int(o, "bytes", (int64_t)strlen(text));
	}
	out_end(o);
	return HTTP_OK;
}

FN_DESCRIPTOR(types) = {
    .route = "GET /test/types",
    .about = "Writes columns of every type.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .statements = statements,
    .handle = write_types,
};
