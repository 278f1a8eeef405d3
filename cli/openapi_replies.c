/* SPDX-License-Identifier: MIT */
/*
 * openapi_replies -- the responses of an operation.
 *
 * A function names those that are its own (.replies).  Those that follow from
 * the rest of its descriptor stand in the table below, as the library and nginx
 * give them; a reply that a function names itself takes the place of one.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "openapi.h"
#include "schema.h"
#include "tree.h"

enum {
	TYPE_BYTES = 128,
	STATUS_BYTES = 16,
	DESCRIPTION_BYTES = 2048,
};

static const char json_media[] = "application/json";

/* What is looked at in a descriptor. */
struct seen {
	const struct descriptor *d;
	bool body, path, other, rate, etag;
};

static bool
has_etag(const struct seen *s)
{
	return s->etag;
}
static bool
has_body(const struct seen *s)
{
	return s->body;
}
static bool
has_token(const struct seen *s)
{
	return s->d->auth != FN_PUBLIC;
}
static bool
has_path(const struct seen *s)
{
	return s->path;
}
static bool
has_other(const struct seen *s)
{
	return s->other;
}
static bool
has_rate(const struct seen *s)
{
	return s->rate;
}
static bool
has_database(const struct seen *s)
{
	return s->d->nstatements > 0;
}
static bool
always(const struct seen *s)
{
	return s->d != NULL;
}

/* In the order of the document. */
static const struct follows {
	bool (*when)(const struct seen *s);
	const char *status; /* or "default" */
	const char *component, *about, *header, *example;
} follows[] = {
    {has_etag, "304", "NotModified",
        "The client has it already: the ETag that it sent as If-None-Match is"
        " the one that it has now.",
        "ETag", NULL},
    {has_body, "400", "BadRequest", "The body cannot be read.", NULL,
        "{\"errors\":{\"body\":[\"is not valid JSON\"]}}"},
    {has_token, "401", "Unauthorized",
        "The token is missing, invalid or too"
        " old.",
        "WWW-Authenticate", "{\"errors\":{\"token\":[\"is missing\"]}}"},
    {has_path, "404", "NotFound", "There is no such thing.", NULL,
        "{\"errors\":{\"path\":[\"not found\"]}}"},
    {has_body, "413", "ContentTooLarge", "The body is too large.", NULL,
        "{\"errors\":{\"body\":[\"is too large\"]}}"},
    {has_body, "415", "UnsupportedMediaType",
        "The body is of another type, or compressed.", NULL,
        "{\"errors\":{\"content-type\":[\"must be application/json\"]}}"},
    {has_other, "422", "UnprocessableContent",
        "Inputs are not as they should be: each fault by its name.", NULL,
        "{\"errors\":{\"title\":[\"can't be blank\"]}}"},
    {has_rate, "429", "TooManyRequests",
        "Too many requests of one client: again after so many seconds.",
        "Retry-After", "{\"errors\":{\"rate\":[\"is exceeded\"]}}"},
    {has_database, "503", "ServiceUnavailable",
        "The database does not answer: again after so many seconds.",
        "Retry-After", "{\"errors\":{\"database\":[\"is not available\"]}}"},
    {always, "default", "Failure",
        "It failed, or took too long. Whether a write was done is unknown.",
        NULL, "{\"errors\":{\"server\":[\"failed\"]}}"},
};

static const struct {
	const char *name, *about, *type;
} headers[] = {
    {"ETag", "The version of the content.", "string"},
    {"Location", "Where it is.", "string"},
    {"Retry-After", "Seconds.", "integer"},
    {"WWW-Authenticate", "The scheme: Token.", "string"},
};

/* The same errors in two forms: common/response.h. */
static const char errors_schema[] =
    "{\"type\":\"object\",\"properties\":{\"errors\":{\"type\":\"object\","
    "\"additionalProperties\":{\"type\":\"array\",\"items\":{\"type\":"
    "\"string\"},\"minItems\":1}}},\"required\":[\"errors\"],"
    "\"description\":\"What is wrong: messages by the name of the input.\"}";
static const char problem_schema[] =
    "{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\","
    "\"format\":\"uri-reference\"},\"title\":{\"type\":\"string\"},\"status\":"
    "{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},\"instance\":{"
    "\"type\":\"string\",\"format\":\"uri-reference\"},\"errors\":{\"type\":"
    "\"object\",\"additionalProperties\":{\"type\":\"array\",\"items\":{"
    "\"type\":\"string\"},\"minItems\":1}},\"requestId\":{\"type\":"
    "\"string\"}},\"required\":[\"type\",\"title\",\"status\",\"detail\","
    "\"instance\",\"errors\",\"requestId\"],\"description\":\"The same for who"
    " accepts application/problem+json (RFC 9457).\"}";

/* JSON of ours, or of a function: then it may be none, which adds nothing. */
static void
add_json(struct json_object *to, const char *key, const char *text)
{
	struct json_object *value =
	    text != NULL ? json_tokener_parse(text) : NULL;

	if (value != NULL)
		tree_add(to, key, value);
}

static void
add_header(struct json_object *response, const char *name)
{
	struct json_object *list = tree_get_object(response, "headers");

	if (list == NULL)
		list = tree_add_object(response, "headers");
	tree_add(list, name, tree_ref("headers", name));
}

static void
add_errors(struct json_object *response, const char *example)
{
	struct json_object *content = tree_add_object(response, "content");
	struct json_object *media = tree_add_object(content, json_media);

	tree_add(media, "schema", tree_ref("schemas", "Errors"));
	add_json(media, "example", example);
	media = tree_add_object(content, "application/problem+json");
	tree_add(media, "schema", tree_ref("schemas", "Problem"));
}

void
openapi_add_common(struct json_object *components)
{
	struct json_object *schemas = tree_get_object(components, "schemas");
	struct json_object *responses, *list, *item;

	add_json(schemas, "Errors", errors_schema);
	add_json(schemas, "Problem", problem_schema);
	responses = tree_add_object(components, "responses");
	for (size_t i = 0; i < LENGTH(follows); i++) {
		item = tree_add_object(responses, follows[i].component);
		tree_add_text(item, "description", follows[i].about);
		if (follows[i].header != NULL)
			add_header(item, follows[i].header);
		if (follows[i].example != NULL)
			add_errors(item, follows[i].example);
	}
	list = tree_add_object(components, "headers");
	for (size_t i = 0; i < LENGTH(headers); i++) {
		item = tree_add_object(list, headers[i].name);
		tree_add_text(item, "description", headers[i].about);
		tree_add_text(
		    tree_add_object(item, "schema"), "type", headers[i].type);
	}
}

/* ---- what a function names ---- */

/* "text/html; charset=utf-8" without its parameters. */
static void
media_type(const char *type, char to[TYPE_BYTES])
{
	snprintf(to, TYPE_BYTES, "%.*s", (int)strcspn(type, "; \t"), type);
}

/* The content of one that is no refusal. */
static bool
add_content(struct json_object *response, struct json_object *reply,
    struct json_object *schemas, const char **problem)
{
	const char *given = tree_get_text(reply, "type");
	struct json_object *shape = tree_get(reply, "shape");
	struct json_object *content, *media, *schema;
	char type[TYPE_BYTES];

	media_type(given != NULL ? given : json_media, type);
	content = tree_get_object(response, "content");
	if (content == NULL)
		content = tree_add_object(response, "content");
	if (tree_get(content, type) != NULL)
		return true;
	media = tree_add_object(content, type);
	if (shape != NULL) {
		schema = schema_of_shape(shape, schemas, problem);
		if (schema == NULL)
			return false;
		tree_add(media, "schema", schema);
		add_json(media, "example", tree_get_text(reply, "example"));
		return true;
	}
	schema = tree_add_object(media, "schema");
	if (strcmp(type, json_media) == 0) {
		add_json(media, "example", tree_get_text(reply, "example"));
	} else {
		tree_add_text(schema, "type", "string");
		tree_add_text(
		    media, "example", tree_get_text(reply, "example"));
	}
	return true;
}

/* Two replies of one status say what they are for one behind the other. */
static void
add_about(struct json_object *response, const char *about)
{
	const char *before = tree_get_text(response, "description");
	char text[DESCRIPTION_BYTES];

	snprintf(text, sizeof(text), "%s%s%s", before != NULL ? before : "",
	    before != NULL ? "; " : "", about != NULL ? about : "");
	tree_add_text(response, "description", text);
}

static bool
add_reply(struct json_object *responses, const struct seen *s,
    struct json_object *reply, struct json_object *schemas,
    const char **problem)
{
	int64_t status = tree_get_int(reply, "status");
	struct json_object *response;
	char key[STATUS_BYTES];

	if (status < 100 || status > 599) {
		*problem = "has a reply with no status";
		return false;
	}
	snprintf(key, sizeof(key), "%d", (int)status);
	response = tree_get_object(responses, key);
	if (response == NULL)
		response = tree_add_object(responses, key);
	add_about(response, tree_get_text(reply, "about"));
	if (http_is_redirect((enum http_status)status))
		add_header(response, "Location");
	if (status == HTTP_OK && s->etag)
		add_header(response, "ETag");
	if (status >= HTTP_BAD_REQUEST) {
		if (tree_get(response, "content") == NULL)
			add_errors(response, tree_get_text(reply, "example"));
		return true;
	}
	if (http_has_no_body((enum http_status)status) ||
	    http_is_redirect((enum http_status)status))
		return true;
	return add_content(response, reply, schemas, problem);
}

/* ---- all of them ---- */

static struct seen
see(const struct descriptor *d, struct json_object *printed)
{
	struct seen s = {.d = d,
	    .body = tree_count(printed, "body") > 0,
	    .rate = tree_get_text(printed, "rate") != NULL,
	    .etag =
	        d->method == HTTP_GET && !tree_get_bool(printed, "no_etag")};

	for (size_t i = 0; i < tree_count(printed, "inputs"); i++) {
		const char *in =
		    tree_get_text(tree_item(printed, "inputs", i), "in");

		if (in != NULL && strcmp(in, descriptor_places[FN_PATH]) == 0)
			s.path = true;
		else
			s.other = true;
	}
	return s;
}

struct json_object *
openapi_replies(const struct descriptor *d, struct json_object *printed,
    struct json_object *components, const char **problem)
{
	struct json_object *responses = tree_object();
	struct json_object *schemas = tree_get_object(components, "schemas");
	struct seen s = see(d, printed);

	for (size_t i = 0; i < tree_count(printed, "replies"); i++) {
		if (!add_reply(responses, &s, tree_item(printed, "replies", i),
		        schemas, problem)) {
			json_object_put(responses);
			return NULL;
		}
	}
	for (size_t i = 0; i < LENGTH(follows); i++)
		if (follows[i].when(&s) &&
		    tree_get(responses, follows[i].status) == NULL)
			tree_add(responses, follows[i].status,
			    tree_ref("responses", follows[i].component));
	return tree_sorted(responses);
}
