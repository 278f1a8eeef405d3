/* SPDX-License-Identifier: MIT */
/*
 * db_json -- what a query has returned, whole rows at a time: see db.h.
 *
 * The first row that is written looks at each column once: its type and its
 * name as a JSON key.  Those behind it only copy.
 */
#include <libpq-fe.h>
#include <string.h>

#include "arena.h"
#include "db_private.h"
#include "die.h"
#include "out.h"

struct db_column {
	const char *key;                  /* with what JSON has to escape */
	const struct pg_value_type *type; /* NULL: not looked at yet */
	const struct pg_value_type *item; /* of an array */
};

enum {
	/* A name has up to 63 bytes (NAMEDATALEN), and each may become \u0001.
	 */
	KEY_BYTES = 6 * 63 + 2,
};

/* The name of a column as out.h wants a key: usually the name itself. */
static const char *
key_of(struct db_rows *rows, const char *name)
{
	struct out o = out_new(KEY_BYTES);
	const char *key = name;

	out_text(&o, NULL, name);
	if (o.buf.failed)
		bug("%s: the name of column %s is too long",
		    rows->statement->name, name);
	if (o.buf.len - 2 != strlen(name))
		key = arena_copy(
		    db_arena(rows->db), o.buf.data + 1, o.buf.len - 2);
	buf_free(&o.buf);
	return key;
}

/* What is to be known of a column, found out the first time. */
static const struct db_column *
known_column(struct db_rows *rows, int col)
{
	const char *name = PQfname(rows->res, col);
	struct db_column *column;
	Oid oid;

	if (rows->written == NULL)
		rows->written = arena_alloc(db_arena(rows->db),
		    (size_t)rows->columns * sizeof(*rows->written));
	column = &rows->written[col];
	if (column->type != NULL)
		return column;
	oid = PQftype(rows->res, col);
	column->type = pg_value_type(oid);
	if (column->type == NULL)
		bug("%s: column %s is of type %u, which has no form in JSON;"
		    " cast it: %s::text",
		    rows->statement->name, name, oid, name);
	if (column->type->form == PG_VALUE_LIST)
		column->item = pg_value_type(column->type->item);
	column->key = key_of(rows, name);
	return column;
}

/* All columns, of which no two may have one name: of two members of an object
 * a reader takes the last (RFC 8259, section 4). */
static const struct db_column *
known_columns(struct db_rows *rows)
{
	const char *name;

	if (rows->all_written)
		return rows->written;
	for (int col = 0; col < rows->columns; col++) {
		(void)known_column(rows, col);
		name = PQfname(rows->res, col);
		for (int i = 0; i < col; i++) {
			if (strcmp(PQfname(rows->res, i), name) == 0)
				bug("%s: two columns are called %s; name"
				    " one with AS",
				    rows->statement->name, name);
		}
	}
	rows->all_written = true;
	return rows->written;
}

/* A value that is no array; false when the bytes are none of its type. */
static bool
write_item(struct out *o, const char *key, const struct pg_value_type *type,
    struct span bytes)
{
	struct span text = bytes;
	int64_t number = 0;
	char *at = NULL;
	bool good;

	if (bytes.at == NULL) {
		out_null(o, key);
		return true;
	}
	if (type->form == PG_VALUE_INT) {
		good = pg_value_int(bytes, &number);
		out_int(o, key, number);
		return good;
	}
	if (type->form == PG_VALUE_TEXT || type->form == PG_VALUE_JSON) {
		good = pg_value_text(type, bytes, NULL, &text);
		if (type->form == PG_VALUE_TEXT)
			out_span(o, key, text);
		else
			out_json_span(o, key, text);
		return good;
	}
	/* In place, with room for quotes around it. */
	at = out_room(o, key, pg_value_room(type, bytes) + 2);
	if (at == NULL)
		return true;
	if (!pg_value_text(type, bytes, at + 1, &text))
		return false;
	if (pg_value_in_quotes(type, text)) {
		at[0] = at[1 + text.len] = '"';
		at += 2;
	} else {
		memmove(at, text.at, text.len);
	}
	out_room_end(o, at + text.len);
	return true;
}

static bool
write_list(struct out *o, const char *key, const struct db_column *column,
    struct span bytes)
{
	struct pg_array list;
	struct span item;
	uint32_t left;

	if (!pg_array_open(&list, bytes, column->item->oid))
		return false;
	left = list.left;
	out_list(o, key);
	for (; pg_array_next(&list, &item); left--) {
		if (!write_item(o, NULL, column->item, item))
			return false;
	}
	out_end(o);
	return left == 0;
}

static void
write_value(struct out *o, const char *key, struct db_rows *rows, int col,
    struct span bytes)
{
	const struct db_column *column = &rows->written[col];
	bool good;

	if (column->item != NULL && bytes.at != NULL)
		good = write_list(o, key, column, bytes);
	else
		good = write_item(o, key, column->type, bytes);
	if (!good)
		bug("%s: column %s is no value of type %u%s",
		    rows->statement->name, PQfname(rows->res, col),
		    column->type->oid,
		    column->item != NULL ? " of one dimension" : "");
}

void
db_write_row(struct out *o, const char *key, struct db_rows *rows, int row)
{
	const struct db_column *columns;
	struct span bytes;

	if (rows->status != DB_OK) {
		out_null(o, key);
		return;
	}
	db_check_row(rows, row);
	columns = known_columns(rows);
	out_begin(o, key);
	for (int col = 0; col < rows->columns; col++) {
		bytes = (struct span){.at = NULL};
		if (!PQgetisnull(rows->res, row, col)) {
			bytes.at = PQgetvalue(rows->res, row, col);
			bytes.len = (size_t)PQgetlength(rows->res, row, col);
		}
		write_value(o, columns[col].key, rows, col, bytes);
	}
	out_end(o);
}

void
db_write_rows(struct out *o, const char *key, struct db_rows *rows)
{
	out_list(o, key);
	for (int row = 0; row < rows->n; row++)
		db_write_row(o, NULL, rows, row);
	out_end(o);
}

/* An array as its JSON, in the arena. */
static const char *
list_text(struct db_rows *rows, int col, struct span bytes)
{
	struct out o = out_new(DB_LIST_TEXT_MAX);
	const char *text;

	write_value(&o, NULL, rows, col, bytes);
	if (o.buf.failed)
		bug("%s: column %s is larger than %d bytes as a text",
		    rows->statement->name, PQfname(rows->res, col),
		    DB_LIST_TEXT_MAX);
	text = arena_copy(db_arena(rows->db), o.buf.data, o.buf.len);
	buf_free(&o.buf);
	return text;
}

/* What is a part of the value itself ends in the NUL that libpq puts behind
 * it: PQgetvalue() in the manual. */
const char *
db_as_text(struct db_rows *rows, int row, const char *col)
{
	const struct db_column *column;
	struct span bytes, text;
	char *room = NULL;
	size_t size;
	int place;

	if (rows->status != DB_OK)
		return NULL;
	bytes = db_value(rows, row, col, &place);
	if (bytes.at == NULL)
		return NULL;
	column = known_column(rows, place);
	if (column->item != NULL)
		return list_text(rows, place, bytes);
	size = pg_value_room(column->type, bytes);
	if (size > 0)
		room = arena_alloc(db_arena(rows->db), size);
	if (!pg_value_text(column->type, bytes, room, &text))
		bug("%s: column %s is no value of type %u",
		    rows->statement->name, col, column->type->oid);
	return text.at;
}
