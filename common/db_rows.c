/* SPDX-License-Identifier: MIT */
/* db_rows -- what a query has returned, value by value: see db.h.  Whole rows
 * are written by db_json.c. */
#include <libpq-fe.h>
#include <string.h>

#include "db_private.h"
#include "die.h"

/* Source: PostgreSQL's src/include/catalog/pg_type.dat. */
enum type {
	TYPE_BOOL = 16,
	TYPE_NAME = 19,
	TYPE_INT8 = 20,
	TYPE_INT2 = 21,
	TYPE_INT4 = 23,
	TYPE_TEXT = 25,
	TYPE_FLOAT4 = 700,
	TYPE_FLOAT8 = 701,
	TYPE_INT2_ARRAY = 1005,
	TYPE_INT4_ARRAY = 1007,
	TYPE_TEXT_ARRAY = 1009,
	TYPE_INT8_ARRAY = 1016,
	TYPE_VARCHAR = 1043,
	TYPE_TIMESTAMPTZ = 1184,
};

/* Times are microseconds since 2000-01-01: src/include/datatype/timestamp.h. */
#define EPOCH_US (INT64_C(946684800) * 1000000)

static const Oid any_type[] = {0};

/* The column of this name, whose type must be one of types, up to 0. */
static int
find_column(struct db_rows *rows, const char *name, const Oid *types)
{
	int n = rows->columns, col = 0;
	Oid type;

	while (col < n && strcmp(PQfname(rows->res, col), name) != 0)
		col++;
	if (col == n)
		bug("%s has no column %s", rows->statement->name, name);
	if (types == any_type)
		return col;
	type = PQftype(rows->res, col);
	while (*types != type && *types != 0)
		types++;
	if (*types == 0)
		bug("%s: column %s is of type %u, which is read otherwise",
		    rows->statement->name, name, type);
	return col;
}

/*
 * The bytes of a value; at is NULL for NULL.  The column is probably the one
 * behind that read last: statements list columns in the order they are read,
 * row by row, by the same literals.  Only when it is another it is looked up.
 */
static struct span
value_of(struct db_rows *rows, int row, const char *name, const Oid *types)
{
	int col = rows->next;
	size_t len;

	if (row < 0 || row >= rows->n)
		bug("%s: row %d of %d", rows->statement->name, row, rows->n);
	if (rows->read[col].name != name || rows->read[col].types != types) {
		col = find_column(rows, name, types);
		rows->read[col].name = name;
		rows->read[col].types = types;
	}
	rows->next = col + 1 < rows->columns ? col + 1 : 0;
	len = (size_t)PQgetlength(rows->res, row, col);
	if (len == 0 && PQgetisnull(rows->res, row, col))
		return (struct span){.at = NULL};
	return (struct span){PQgetvalue(rows->res, row, col), len};
}

/* The same for a type that has no NULL here; at is NULL after a failure. */
static struct span
value_not_null(
    struct db_rows *rows, int row, const char *name, const Oid *types)
{
	struct span bytes = {.at = NULL};

	if (rows->status != DB_OK)
		return bytes;
	bytes = value_of(rows, row, name, types);
	if (bytes.at == NULL)
		bug("%s: column %s is NULL", rows->statement->name, name);
	return bytes;
}

void
db_check_row(const struct db_rows *rows, int row)
{
	if (row < 0 || row >= rows->n)
		bug("%s: row %d of %d", rows->statement->name, row, rows->n);
}

struct span
db_value(struct db_rows *rows, int row, const char *name, int *col)
{
	struct span bytes = value_of(rows, row, name, any_type);

	*col = rows->next == 0 ? rows->columns - 1 : rows->next - 1;
	return bytes;
}

bool
db_is_null(struct db_rows *rows, int row, const char *col)
{
	return rows->status != DB_OK ||
	       value_of(rows, row, col, any_type).at == NULL;
}

struct span
db_span(struct db_rows *rows, int row, const char *col)
{
	static const Oid types[] = {TYPE_TEXT, TYPE_VARCHAR, TYPE_NAME, 0};

	if (rows->status != DB_OK)
		return (struct span){.at = NULL};
	return value_of(rows, row, col, types);
}

const char *
db_text(struct db_rows *rows, int row, const char *col)
{
	return db_span(rows, row, col).at;
}

/* A big-endian number of up to 8 bytes, with its sign; 0 for none. */
static int64_t
number_of(struct span bytes)
{
	uint64_t value;

	if (bytes.len == 0)
		return 0;
	value = (bytes.at[0] & 0x80) != 0 ? UINT64_MAX : 0;
	for (size_t i = 0; i < bytes.len; i++)
		value = value << 8 | (unsigned char)bytes.at[i];
	return (int64_t)value;
}

int64_t
db_int(struct db_rows *rows, int row, const char *col)
{
	static const Oid types[] = {TYPE_INT8, TYPE_INT4, TYPE_INT2, 0};

	return number_of(value_not_null(rows, row, col, types));
}

bool
db_bool(struct db_rows *rows, int row, const char *col)
{
	static const Oid types[] = {TYPE_BOOL, 0};

	return number_of(value_not_null(rows, row, col, types)) != 0;
}

int64_t
db_time(struct db_rows *rows, int row, const char *col)
{
	static const Oid types[] = {TYPE_TIMESTAMPTZ, 0};
	int64_t us;

	us = number_of(value_not_null(rows, row, col, types));
	if (us == INT64_MIN || us > INT64_MAX - EPOCH_US)
		return us < 0 ? INT64_MIN : INT64_MAX;
	return us + EPOCH_US;
}

double
db_float(struct db_rows *rows, int row, const char *col)
{
	static const Oid types[] = {TYPE_FLOAT8, TYPE_FLOAT4, 0};
	double value;

	if (!pg_value_float(value_not_null(rows, row, col, types), &value))
		return 0;
	return value;
}

struct pg_array
db_texts(struct db_rows *rows, int row, const char *col)
{
	static const Oid types[] = {TYPE_TEXT_ARRAY, 0};
	struct pg_array array = {.left = 0};
	struct span bytes;

	bytes = value_not_null(rows, row, col, types);
	if (bytes.at != NULL && !pg_array_open(&array, bytes, TYPE_TEXT))
		bug("%s: column %s is no list of texts", rows->statement->name,
		    col);
	return array;
}

struct pg_array
db_ints(struct db_rows *rows, int row, const char *col)
{
	static const Oid types[] = {
	    TYPE_INT8_ARRAY, TYPE_INT4_ARRAY, TYPE_INT2_ARRAY, 0};
	struct pg_array array = {.left = 0};
	struct span bytes;

	bytes = value_not_null(rows, row, col, types);
	if (bytes.at != NULL && !pg_array_open(&array, bytes, TYPE_INT8) &&
	    !pg_array_open(&array, bytes, TYPE_INT4) &&
	    !pg_array_open(&array, bytes, TYPE_INT2))
		bug("%s: column %s is no list of numbers",
		    rows->statement->name, col);
	return array;
}
