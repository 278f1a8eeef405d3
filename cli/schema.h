/* SPDX-License-Identifier: MIT */
/*
 * schema -- JSON Schema (2020-12, as OpenAPI 3.1 takes it) of what a descriptor
 * says: the inputs and the shapes of replies.
 *
 * A schema never refuses what the function takes, and where it cannot say a
 * limit (bytes, what is clamped) the description does.
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include "base.h"

struct json_object; /* json-c */

/* Of one input, without its place: a value of a parameter or of a body.  input
 * is as --describe printed it. */
struct json_object *schema_of_input(struct json_object *input) MUST_CHECK;

/* Of the object that holds those inputs of a list that are of the body; names
 * with dots become objects in it. */
struct json_object *schema_of_body(struct json_object *descriptor) MUST_CHECK;

/*
 * Of the shape of a reply.  What has a name goes into schemas, and comes back
 * as a reference to it.  NULL when it is no shape, or when another object has
 * that name: *problem says what.
 */
struct json_object *schema_of_shape(struct json_object *shape,
    struct json_object *schemas, const char **problem) MUST_CHECK;

/* Add a schema under a name that no other schema has; a reference to it, or
 * NULL.  It takes schema. */
struct json_object *schema_named(struct json_object *schemas, const char *name,
    struct json_object *schema) MUST_CHECK;

#endif /* SCHEMA_H */
