/* SPDX-License-Identifier: MIT */
/*
 * value -- one value of an input, by its type: from the text of a path, query,
 * form, header or cookie, or from a member of a JSON body, to the one form that
 * handlers see.
 */
#ifndef VALUE_H
#define VALUE_H

#include "base.h"
#include "fn.h"

struct arena;
struct json_object;

enum {
	VALUE_LENGTH_MAX = 1 << 28, /* .max of a text; a body has 1 GiB */
};

struct value {
	const char *text; /* lives in the arena */
	int64_t number;   /* FN_INT, FN_BOOL, FN_CHOICE, FN_TIME: see req.h */
};

/*
 * Both return NULL when it is fine, or what to say of the input ("can't be
 * blank"), and out is then of no use.  text may be any bytes; json is NULL for
 * null.  Of an input that is a list this is one of its items.
 */
const char *value_from_text(const struct fn_input *input, struct arena *arena,
    struct span text, struct value *out) MUST_CHECK;
const char *value_from_json(const struct fn_input *input, struct arena *arena,
    struct json_object *json, struct value *out) MUST_CHECK;

/* The most bytes of a JSON body or form that one value takes, however its
 * characters are written. */
int64_t value_body_bytes(const struct fn_input *input);

/* Which of the words in choices is text; -1 for none. */
int value_choice(const char *choices, struct span text) MUST_CHECK;

/* Whether a pattern can be compiled; its message goes to problem. */
bool value_pattern_is_good(
    const char *pattern, char *problem, size_t size) MUST_CHECK;

#endif /* VALUE_H */
