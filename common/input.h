/* SPDX-License-Identifier: MIT */
/*
 * input -- the inputs of a request, from where the descriptor says they are.
 *
 * Raw text from path, query, headers, cookies and body goes in; values that
 * keep to type, limits and UTF-8 come out (value.h), one for each of
 * fn->inputs.  Every fault is reported by name:
 * {"errors":{"title":["can't be blank"]}}.
 */
#ifndef INPUT_H
#define INPUT_H

#include "base.h"
#include "fn.h"
#include "url.h"

struct arena;
struct gateway_request;
struct json_object;

enum {
	/* Fields of a form; each is compared with the name of each input. */
	INPUT_FIELDS_MAX = 4096,
};

struct input_value {
	bool given;
	bool null;                /* given as null */
	const char *text;         /* NULL when left out without a default */
	int64_t number;           /* struct value's */
	const char *const *items; /* of a list */
	int nitems;
};

/* Where the raw text is. */
struct input_source {
	const char *pattern;                /* of the route's path */
	struct span params[URL_PARAMS_MAX]; /* of the path, decoded, in order */
	const char *query;                  /* encoded; "" for none */
	const struct gateway_request *request; /* headers and cookies */
	/* The body, as one of them: */
	struct json_object *body; /* the object with the FN_BODY inputs */
	struct span form;         /* encoded */
	bool is_form;
};

/* Which inputs are read: guard (fn.h) comes between the two. */
enum input_part { INPUT_OUTSIDE, INPUT_BODY };

/*
 * Fill values[i] for those fn->inputs.list[i] that are FN_BODY, or for the
 * others; texts live in arena.  Returns HTTP_OK, or 404 for a path no such
 * thing can have, or 422 with the faults in reply; what has a fault reads as
 * its default, or as "" and 0.
 */
enum http_status input_read(const struct fn *fn, enum input_part part,
    const struct input_source *source, struct arena *arena, struct reply *reply,
    struct input_value *values) MUST_CHECK;

/* Whether a form has INPUT_FIELDS_MAX fields or less. */
bool input_form_fits(struct span form) MUST_CHECK;

/* What a body of the function may be: fn->body, or what follows from its
 * inputs; 0 for a function without a body. */
unsigned input_body_kinds(const struct fn *fn);

/* The most bytes that a body with these inputs, as large as they may be, takes
 * when every character is written as \uXXXX\uXXXX. */
int64_t input_body_bytes(const struct fn *fn);

#endif /* INPUT_H */
