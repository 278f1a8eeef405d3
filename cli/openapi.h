/* SPDX-License-Identifier: MIT */
/*
 * openapi -- the OpenAPI 3.1 document of some functions, made from what they
 * print for --describe and nothing else.
 *
 *	openapi.c		the commands' options, paths, operations
 *	openapi_replies.c	the responses of an operation
 *	schema.c		types and shapes as JSON Schema
 *	reference.c		the document as a page for people
 *	sample.c		a value for a schema
 */
#ifndef OPENAPI_H
#define OPENAPI_H

#include "cli.h"
#include "descriptor.h"

/* What the options of "openapi" and "reference" are. */
#define OPENAPI_OPTIONS                                                        \
	"  FOLDERS              of executables, separated by ':'\n"            \
	"                       (default: MAYFLY_FUNCTIONS)\n"                 \
	"  --title TEXT         what the API is called (default: API)\n"       \
	"  --api-version TEXT   its version (default: Mayfly's)\n"             \
	"  --server URL         where it is, without a path (default: where\n" \
	"                       the document is)\n"

/*
 * The document for the options and folders of a command line.  On CLI_OK
 * *document is the caller's (json_object_put); otherwise the error is printed.
 * The same functions give the same bytes, whatever the folders' order.
 */
int openapi_document(const struct command *command, int argc, char *argv[],
    struct json_object **document) MUST_CHECK;

struct openapi_info {
	const char *title, *version, *server;
};

/* A function: its descriptor, and all that it printed. */
struct openapi_part {
	struct descriptor *descriptor;
	struct json_object *printed;
};

/* The same document from descriptors that are there already. */
int openapi_make(const struct openapi_info *info,
    const struct openapi_part *parts, int n,
    struct json_object **document) MUST_CHECK;

/* ---- between the files named above ---- */

enum {
	OPENAPI_METHOD_BYTES = 8, /* the longest is "delete" */
};

/* A method in small letters, as the member of a path. */
void openapi_method(enum http_method method, char to[OPENAPI_METHOD_BYTES]);

/*
 * The responses of a function: those it names, and those that follow from its
 * descriptor.  printed is all that it printed; components gets the schemas of
 * its shapes.  NULL with *problem when a shape is wrong.
 */
struct json_object *openapi_replies(const struct descriptor *d,
    struct json_object *printed, struct json_object *components,
    const char **problem) MUST_CHECK;

/* The components that the responses of any function refer to. */
void openapi_add_common(struct json_object *components);

#endif /* OPENAPI_H */
