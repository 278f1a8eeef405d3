/* SPDX-License-Identifier: MIT */
/* schema -- see schema.h. */
#include "schema.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "cli.h"
#include "descriptor.h"
#include "tree.h"

enum {
	ABOUT_MAX_BYTES = 64 * 1024,
	NAME_BYTES = 256,
	CHARACTER_BYTES = 4, /* of UTF-8, at most */
	NAME_DEPTH_MAX = 8,  /* dots in the name of an input */
	COMPONENT_MAX = 64,  /* characters of the name of a schema */
};

/* The words of the types (base/descriptor.h), and float and any of shapes. */
static const struct type {
	const char *word;
	const char *type; /* NULL: any */
	const char *format;
} types[] = {
    {"any", NULL, NULL},
    {"bool", "boolean", NULL},
    {"choice", "string", NULL},
    {"date", "string", "date"},
    {"decimal", "number", NULL},
    {"email", "string", "idn-email"},
    {"float", "number", "double"},
    {"int", "integer", "int64"},
    {"json", NULL, NULL},
    {"line", "string", NULL},
    {"name", "string", NULL},
    {"secret", "string", "password"},
    {"text", "string", NULL},
    {"time", "string", "date-time"},
    {"url", "string", "uri"},
    {"uuid", "string", "uuid"},
};

static const struct type *
find_type(const char *word, size_t len)
{
	for (size_t i = 0; i < LENGTH(types); i++)
		if (strlen(types[i].word) == len &&
		    strncmp(types[i].word, word, len) == 0)
			return &types[i];
	return NULL;
}

/* "type" and "format"; with second, or null, that may be as well. */
static void
add_type(struct json_object *schema, const struct type *type,
    const char *second, bool null)
{
	struct json_object *list;

	if (type->type == NULL)
		return;
	if (second == NULL && !null) {
		tree_add_text(schema, "type", type->type);
	} else {
		list = tree_add_list(schema, "type");
		tree_add_text(list, NULL, type->type);
		tree_add_text(list, NULL, second);
		tree_add_text(list, NULL, null ? "null" : NULL);
	}
	tree_add_text(schema, "format", type->format);
}

/* ---- inputs ---- */

static bool
is_in(struct json_object *input, enum fn_in place)
{
	const char *in = tree_get_text(input, "in");

	return in != NULL && strcmp(in, descriptor_places[place]) == 0;
}

static bool
has_type(struct json_object *input, enum fn_type type)
{
	const char *word = tree_get_text(input, "type");

	return word != NULL && strcmp(word, descriptor_types[type].word) == 0;
}

static enum fn_measure
measure_of(struct json_object *input)
{
	for (int i = 1; i < FN_TYPES; i++)
		if (has_type(input, (enum fn_type)i))
			return descriptor_types[i].measure;
	return FN_MEASURE_NONE;
}

/* A value that a descriptor has as text, as what it is. */
static void
add_told_value(struct json_object *to, const char *key,
    struct json_object *input, const char *text)
{
	struct json_object *value = NULL;

	if (text == NULL)
		return;
	if (has_type(input, FN_BOOL))
		tree_add_bool(to, key,
		    strcmp(text, "true") == 0 || strcmp(text, "1") == 0 ||
		        strcmp(text, "on") == 0);
	else if (has_type(input, FN_INT))
		tree_add_int(to, key, strtoll(text, NULL, 10));
	else if (has_type(input, FN_DECIMAL) || has_type(input, FN_JSON))
		value = json_tokener_parse(text);
	else
		tree_add_text(to, key, text);
	if (value != NULL)
		tree_add(to, key, value);
}

static void
add_bounds(struct json_object *schema, struct json_object *input)
{
	int64_t min = tree_get_int(input, "min");
	int64_t max = tree_get_int(input, "max");

	switch (measure_of(input)) {
	case FN_MEASURE_NONE:
		break;
	case FN_MEASURE_BYTES: /* so many characters have as many or more */
		min = (min + CHARACTER_BYTES - 1) / CHARACTER_BYTES;
		/* fall through */
	case FN_MEASURE_CHARACTERS:
		if (min == 0 && tree_get_bool(input, "required"))
			min = 1; /* "can't be blank" */
		if (has_type(input, FN_JSON))
			break;
		if (min > 0)
			tree_add_int(schema, "minLength", min);
		tree_add_int(schema, "maxLength", max);
		break;
	case FN_MEASURE_VALUE:
		if (min != INT64_MIN)
			tree_add_int(schema, "minimum", min);
		if (max != INT64_MAX && !tree_get_bool(input, "clamp"))
			tree_add_int(schema, "maximum", max);
		break;
	}
}

/* One of POSIX, where all of the text matches, for ECMA 262.  Left out when it
 * has what is only of POSIX: "[[:alpha:]]", "[]a]", a backslash in brackets. */
static void
add_pattern(struct json_object *schema, const char *pattern)
{
	char *anchored;
	size_t size;

	if (pattern == NULL || strchr(pattern, '\\') != NULL ||
	    strstr(pattern, "[:") != NULL || strstr(pattern, "[.") != NULL ||
	    strstr(pattern, "[=") != NULL || strstr(pattern, "[]") != NULL ||
	    strstr(pattern, "[^]") != NULL)
		return;
	size = strlen(pattern) + sizeof("^(?:)$");
	anchored = cli_alloc(size);
	snprintf(anchored, size, "^(?:%s)$", pattern);
	tree_add_text(schema, "pattern", anchored);
	free(anchored);
}

static void add_remark(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* .about, and what no keyword says. */
static void
add_description(struct json_object *schema, struct json_object *input)
{
	struct buf b = buf_new(ABOUT_MAX_BYTES);
	long long min = tree_get_int(input, "min");
	long long max = tree_get_int(input, "max");
	long long scale = tree_get_int(input, "scale");
	const char *about = tree_get_text(input, "about");

	buf_text(&b, about != NULL ? about : "");
	if (measure_of(input) == FN_MEASURE_BYTES)
		add_remark(&b, "%lld to %lld bytes", min, max);
	if (has_type(input, FN_DECIMAL))
		add_remark(&b, "at most %lld digits behind the point", scale);
	if (tree_get_bool(input, "clamp"))
		add_remark(&b, "above %lld it counts as %lld", max, max);
	if (tree_get_bool(input, "unique"))
		add_remark(&b, "doubles are dropped");
	if (b.len > 0 && !b.failed)
		tree_add_text(schema, "description", b.data);
	buf_free(&b);
}

static void
add_remark(struct buf *b, const char *fmt, ...)
{
	char text[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_format(b, "%s%s", b->len > 0 ? "; " : "", text);
}

/* Of one value; of a list, of an item. */
static struct json_object *
value_schema(struct json_object *input)
{
	struct json_object *schema = tree_object(), *list;
	const char *word = tree_get_text(input, "type");
	const struct type *type =
	    word != NULL ? find_type(word, strlen(word)) : NULL;
	bool null = tree_get_bool(input, "nullable");
	bool decimal = has_type(input, FN_DECIMAL) && is_in(input, FN_BODY);
	size_t n = tree_count(input, "choices");

	if (type != NULL)
		add_type(schema, type, decimal ? "string" : NULL, null);
	if (n > 0) {
		list = tree_add_list(schema, "enum");
		for (size_t i = 0; i < n; i++)
			tree_add(list, NULL,
			    json_object_get(tree_item(input, "choices", i)));
		if (null)
			tree_add(list, NULL, NULL);
	}
	add_bounds(schema, input);
	add_pattern(schema, tree_get_text(input, "pattern"));
	add_told_value(
	    schema, "default", input, tree_get_text(input, "or_else"));
	if (tree_get_text(input, "example") != NULL)
		add_told_value(tree_add_list(schema, "examples"), NULL, input,
		    tree_get_text(input, "example"));
	return schema;
}

struct json_object *
schema_of_input(struct json_object *input)
{
	int64_t items_max = tree_get_int(input, "items_max");
	struct json_object *schema;

	if (items_max == 0) {
		schema = value_schema(input);
	} else {
		schema = tree_object();
		tree_add_text(schema, "type", "array");
		tree_add(schema, "items", value_schema(input));
		tree_add_int(schema, "maxItems", items_max);
	}
	add_description(schema, input);
	return schema;
}

/* ---- bodies ---- */

static struct json_object *
add_object_schema(struct json_object *parent, const char *name)
{
	struct json_object *schema = tree_get_object(parent, name);

	if (schema == NULL) {
		schema = tree_add_object(parent, name);
		tree_add_text(schema, "type", "object");
		tree_add_object(schema, "properties");
	}
	return schema;
}

/* Name a member as required, once. */
static void
add_required(struct json_object *schema, const char *name)
{
	const char *other;

	if (tree_get(schema, "required") == NULL)
		tree_add_list(schema, "required");
	for (size_t i = 0; i < tree_count(schema, "required"); i++) {
		other =
		    json_object_get_string(tree_item(schema, "required", i));
		if (strcmp(other, name) == 0)
			return;
	}
	tree_add_text(tree_get(schema, "required"), NULL, name);
}

/* An input into the object it belongs in: "address.city". */
static void
add_body_member(struct json_object *schema, struct json_object *input)
{
	bool required = tree_get_bool(input, "required");
	const char *name = tree_get_text(input, "name"), *dot;
	char part[NAME_BYTES];

	for (int depth = 0; depth < NAME_DEPTH_MAX; depth++) {
		dot = strchr(name, '.');
		if (dot == NULL)
			break;
		snprintf(part, sizeof(part), "%.*s", (int)(dot - name), name);
		if (required)
			add_required(schema, part);
		schema = add_object_schema(
		    tree_get_object(schema, "properties"), part);
		name = dot + 1;
	}
	if (required)
		add_required(schema, name);
	tree_add(tree_get_object(schema, "properties"), name,
	    schema_of_input(input));
}

struct json_object *
schema_of_body(struct json_object *descriptor)
{
	struct json_object *schema = tree_object(), *input;

	tree_add_text(schema, "type", "object");
	tree_add_object(schema, "properties");
	for (size_t i = 0; i < tree_count(descriptor, "inputs"); i++) {
		input = tree_item(descriptor, "inputs", i);
		if (is_in(input, FN_BODY) &&
		    tree_get_text(input, "name") != NULL)
			add_body_member(schema, input);
	}
	return schema;
}

/* ---- shapes ---- */

struct json_object *
schema_named(
    struct json_object *schemas, const char *name, struct json_object *schema)
{
	struct json_object *other = tree_get(schemas, name);

	if (other == NULL) {
		tree_add(schemas, name, schema);
		return tree_ref("schemas", name);
	}
	if (!json_object_equal(other, schema)) {
		json_object_put(schema);
		return NULL;
	}
	json_object_put(schema);
	return tree_ref("schemas", name);
}

/* A name of ours: it becomes a part of references. */
static bool
is_component(const char *name)
{
	size_t len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                          "abcdefghijklmnopqrstuvwxyz0123456789_");

	return len > 0 && len < COMPONENT_MAX && name[len] == '\0';
}

static struct json_object *
word_schema(const char *word, const char **problem)
{
	struct json_object *schema;
	size_t len = strcspn(word, "?");
	const struct type *type = find_type(word, len);

	if (type == NULL || (word[len] == '?' && word[len + 1] != '\0')) {
		*problem = "has a word in a shape that is no type";
		return NULL;
	}
	schema = tree_object();
	add_type(schema, type, NULL, word[len] == '?');
	return schema;
}

static struct json_object *
object_schema(struct json_object *shape, struct json_object *schemas,
    const char **problem)
{
	struct json_object *schema = tree_object(), *properties, *required;
	const char *name = tree_get_text(shape, "$name");
	struct json_object *of_member;

	tree_add_text(schema, "type", "object");
	required = tree_list();
	properties = tree_add_object(schema, "properties");
	json_object_object_foreach(shape, key, member)
	{
		if (strcmp(key, "$name") == 0)
			continue;
		of_member = schema_of_shape(member, schemas, problem);
		if (of_member == NULL) {
			json_object_put(required);
			json_object_put(schema);
			return NULL;
		}
		tree_add(properties, key, of_member);
		tree_add_text(required, NULL, key);
	}
	tree_add(schema, "required", required);
	if (name == NULL)
		return schema;
	if (!is_component(name)) {
		*problem = "has a shape with a bad name";
		json_object_put(schema);
		return NULL;
	}
	schema = schema_named(schemas, name, schema);
	if (schema == NULL)
		*problem = "has an object in a shape whose name another has";
	return schema;
}

struct json_object *
schema_of_shape(struct json_object *shape, struct json_object *schemas,
    const char **problem)
{
	struct json_object *schema, *items;

	switch (json_object_get_type(shape)) {
	case json_type_string:
		return word_schema(json_object_get_string(shape), problem);
	case json_type_object:
		return object_schema(shape, schemas, problem);
	case json_type_array:
		items = schema_of_shape(
		    json_object_array_get_idx(shape, 0), schemas, problem);
		if (items == NULL)
			return NULL;
		schema = tree_object();
		tree_add_text(schema, "type", "array");
		tree_add(schema, "items", items);
		return schema;
	default:
		*problem = "has a shape that is none";
		return NULL;
	}
}
