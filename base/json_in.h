/* SPDX-License-Identifier: MIT */
/*
 * json_in -- JSON from outside, into a tree of json-c.
 * Source: RFC 8259; I-JSON (RFC 7493) for keys, numbers and UTF-8.
 * Lack of memory never looks like another fault, nor like another value.
 */
#ifndef JSON_IN_H
#define JSON_IN_H

#include "base.h"

struct json_object; /* json-c */

enum {
	JSON_IN_DEPTH_MAX = 32, /* objects and lists inside each other */
	/* Objects, lists, strings, numbers, words.  An empty object, the
	 * largest for its text, takes 792 bytes in json-c 0.16: 25 MiB. */
	JSON_IN_VALUES_MAX = 32768,
};

enum json_in_status {
	JSON_IN_OK,
	JSON_IN_BAD,        /* not JSON, or not UTF-8 */
	JSON_IN_TOO_DEEP,   /* more than JSON_IN_DEPTH_MAX */
	JSON_IN_TOO_MANY,   /* more than JSON_IN_VALUES_MAX */
	JSON_IN_TWICE,      /* a key stands twice in one object */
	JSON_IN_NUL,        /* a string holds U+0000 */
	JSON_IN_BIG_NUMBER, /* beyond int64_t, or with . or e beyond double */
	JSON_IN_NO_MEMORY,
};

/*
 * Parse len bytes, below 2 GiB.  On JSON_IN_OK *root is the caller's
 * (json_object_put); it is NULL for the JSON text "null".  Otherwise *root is
 * NULL.  Of several faults any one is told.  In what it gives every
 * json_type_int is an int64_t, every json_type_double is finite, and no
 * string or key holds a NUL.
 */
enum json_in_status json_in_parse(
    const char *text, size_t len, struct json_object **root) MUST_CHECK;

/* What is wrong, as it goes into an error reply: "is not valid JSON". */
const char *json_in_message(enum json_in_status status);

#endif /* JSON_IN_H */
