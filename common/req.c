/* SPDX-License-Identifier: MIT */
/* req -- see req.h.  The values were checked by input.c. */
#include "req.h"

#include <string.h>

#include "arena.h"
#include "die.h"
#include "fn.h"
#include "input.h"
#include "req_private.h"

static const struct input_value *
value_at(const struct req *req, int input)
{
	if (input < 0 || input >= req->private->fn->inputs.n)
		bug("input %d of %d", input, req->private->fn->inputs.n);
	return &req->private->values[input];
}

const char *
req_text(const struct req *req, int input)
{
	return value_at(req, input)->text;
}

int64_t
req_int(const struct req *req, int input)
{
	const struct input_value *value = value_at(req, input);

	if (value->text == NULL)
		bug("the input %s was left out and has no default",
		    req->private->fn->inputs.list[input].name);
	return value->number;
}

bool
req_has(const struct req *req, int input)
{
	return value_at(req, input)->given;
}

const char *
req_array(const struct req *req, int input)
{
	const struct input_value *value;
	size_t size = sizeof("{}");
	char *text, *at;

	value = value_at(req, input);
	for (int i = 0; i < value->nitems; i++)
		size += 2 * strlen(value->items[i]) + sizeof("\"\",");
	text = at = arena_alloc(req->arena, size);
	*at++ = '{';
	for (int i = 0; i < value->nitems; i++) {
		if (i > 0)
			*at++ = ',';
		*at++ = '"';
		for (const char *s = value->items[i]; *s != '\0'; s++) {
			if (*s == '"' || *s == '\\')
				*at++ = '\\';
			*at++ = *s;
		}
		*at++ = '"';
	}
	*at = '}';
	return text;
}

struct db_rows *
req_query(const struct req *req, const struct db_statement *statement,
    const char *const *args, int n)
{
	return db_query(req->private->db, statement, args, n);
}

void
req_query_all(const struct req *req, struct db_rows *rows[],
    const struct db_call *calls, int n)
{
	db_all(req->private->db, rows, calls, n);
}
