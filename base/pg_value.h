/* SPDX-License-Identifier: MIT */
/*
 * pg_value -- one value in PostgreSQL's binary form, as text.
 *
 *	type = pg_value_type(oid);
 *	room = pg_value_room(type, bytes) bytes, wherever;
 *	pg_value_text(type, bytes, room, &text);
 *
 * Which types there are, and what becomes of each, is one table in pg_value.c,
 * for people in doc/columns.md.  Pure: bytes in, text out, no allocation, and
 * bytes that are no value of the type are refused, never read beyond their end.
 */
#ifndef PG_VALUE_H
#define PG_VALUE_H

#include "base.h"

/* What the text of a value is, and how it stands in JSON. */
enum pg_value_form {
	PG_VALUE_TEXT,   /* UTF-8: a string, to be escaped */
	PG_VALUE_JSON,   /* JSON: as it is */
	PG_VALUE_BOOL,   /* true or false: as it is */
	PG_VALUE_INT,    /* digits: as they are, see pg_value_int() */
	PG_VALUE_NUMBER, /* a number; NaN, Infinity, -Infinity: strings */
	PG_VALUE_QUOTED, /* a string in which nothing needs escaping */
	PG_VALUE_LIST,   /* an array: read it by pg_array.h, item by item */
};

struct pg_value_type {
	uint32_t oid; /* src/include/catalog/pg_type.dat */
	enum pg_value_form form;
	uint32_t item; /* PG_VALUE_LIST: the oid of the items */
	/* Private to pg_value.c from here on. */
	size_t (*room)(struct span bytes);
	bool (*put)(struct span bytes, char *out, size_t *len);
};

/* The type of this oid; NULL when it is none of the table. */
const struct pg_value_type *pg_value_type(uint32_t oid);

/* How many bytes pg_value_text() writes at most; 0 when it writes none. */
size_t pg_value_room(const struct pg_value_type *type, struct span bytes);

/*
 * The text of a value that is not NULL: in out, with a NUL behind it that does
 * not count; of PG_VALUE_TEXT and PG_VALUE_JSON it is a part of bytes, and out
 * may be NULL.  False when they are no value of this type, or a list; out then
 * holds anything.
 */
bool pg_value_text(const struct pg_value_type *type, struct span bytes,
    char *out, struct span *text) MUST_CHECK;

/* Whether this text is a string in JSON, and not as it is. */
bool pg_value_in_quotes(const struct pg_value_type *type, struct span text);

/* int2, int4 or int8, by their length; float4 or float8. */
bool pg_value_int(struct span bytes, int64_t *value) MUST_CHECK;
bool pg_value_float(struct span bytes, double *value) MUST_CHECK;

#endif /* PG_VALUE_H */
