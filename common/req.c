/* SPDX-License-Identifier: MIT */
/* req -- see req.h.  The values were checked by input.c. */
#include "req.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "fn.h"
#include "input.h"
#include "log.h"
#include "req_private.h"

static const struct input_value *
find(const struct req *req, const char *name)
{
	const struct fn_input *inputs = req->private->fn->inputs;

	for (int i = 0; i < req->private->nvalues; i++) {
		if (strcmp(inputs[i].name, name) == 0)
			return &req->private->values[i];
	}
	log_error(
	    "%s does not list the input %s", req->private->fn->name, name);
	abort();
}

const char *
req_text(const struct req *req, const char *name)
{
	return find(req, name)->text;
}

int64_t
req_int(const struct req *req, const char *name)
{
	return find(req, name)->number;
}

bool
req_has(const struct req *req, const char *name)
{
	return find(req, name)->given;
}

const char *
req_array(const struct req *req, const char *name)
{
	const struct input_value *value;
	size_t size = sizeof("{}");
	char *text, *at;

	value = find(req, name);
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
