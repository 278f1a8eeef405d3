/* SPDX-License-Identifier: MIT */
/*
 * input -- the inputs of a request, checked against its descriptor.
 *
 * Raw text from the path, the query and the JSON body goes in; values that
 * keep to type, limits and UTF-8 come out, one for each of fn->inputs.
 * Every fault is reported by name: {"errors":{"title":["can't be blank"]}}.
 */
#ifndef INPUT_H
#define INPUT_H

#include "base.h"
#include "fn.h"
#include "url.h"

struct arena;
struct json_object;

struct input_value {
	bool given;
	const char *text;         /* NULL when left out without a default */
	int64_t number;           /* FN_INT */
	const char *const *items; /* FN_LINES */
	int nitems;
};

/* Where the raw text is. */
struct input_source {
	const char *pattern;                /* of the route's path */
	struct span params[URL_PARAMS_MAX]; /* of the path, decoded, in order */
	const char *query;                  /* encoded; "" for none */
	struct json_object *body; /* the object with the FN_BODY inputs */
};

/*
 * Fill values[i] for fn->inputs.list[i]; texts live in arena.  Returns HTTP_OK,
 * or 404 for a path no such thing can have, or 422 with the faults in reply.
 */
enum http_status input_read(const struct fn *fn,
    const struct input_source *source, struct arena *arena, struct reply *reply,
    struct input_value *values) MUST_CHECK;

/* The most bytes that a JSON body with these inputs, as large as they may be,
 * takes when every character is written as \uXXXX\uXXXX. */
int64_t input_body_bytes(const struct fn *fn);

#endif /* INPUT_H */
