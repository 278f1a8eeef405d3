/* SPDX-License-Identifier: MIT */
/* sample -- see sample.h. */
#include "sample.h"

#include <json-c/json.h>
#include <string.h>

#include "tree.h"

enum {
	DEPTH_MAX = 16, /* objects and lists in each other */
};

static const struct {
	const char *format, *sample;
} formats[] = {
    {"date", "2026-11-23"},
    {"date-time", "2026-11-23T10:40:36.589747Z"},
    {"idn-email", "ann@example.org"},
    {"password", "correct horse"},
    {"uri", "https://example.org/"},
    {"uuid", "01a207fe-4f74-7ce0-b193-9b082631c901"},
};

static struct json_object *sample_inside(struct json_object *document,
    struct json_object *schema, const char *name, int depth);

/* A text says where it is: its name. */
static struct json_object *
text_sample(struct json_object *schema, const char *name)
{
	const char *format = tree_get_text(schema, "format");

	for (size_t i = 0; format != NULL && i < LENGTH(formats); i++)
		if (strcmp(formats[i].format, format) == 0)
			return tree_string(formats[i].sample);
	return tree_string(name);
}

static struct json_object *
object_sample(
    struct json_object *document, struct json_object *schema, int depth)
{
	struct json_object *properties = tree_get_object(schema, "properties");
	struct json_object *object = tree_object();

	if (properties == NULL)
		return object;
	json_object_object_foreach(properties, key, member)
	{
		tree_add(object, key,
		    sample_inside(document, member, key, depth + 1));
	}
	return object;
}

static struct json_object *
list_sample(struct json_object *document, struct json_object *schema,
    const char *name, int depth)
{
	struct json_object *list = tree_list();

	tree_add(list, NULL,
	    sample_inside(
	        document, tree_get_object(schema, "items"), name, depth + 1));
	return list;
}

/* Its example, default or first choice, when it says one. */
static struct json_object *
said_sample(struct json_object *schema)
{
	struct json_object *said = tree_item(schema, "examples", 0);

	if (said == NULL)
		said = tree_get(schema, "default");
	if (said == NULL)
		said = tree_item(schema, "enum", 0);
	return json_object_get(said);
}

static const char *
type_of(struct json_object *schema)
{
	struct json_object *first = tree_item(schema, "type", 0);
	const char *type = tree_get_text(schema, "type");

	if (type == NULL && first != NULL)
		type = json_object_get_string(first);
	return type != NULL ? type : "";
}

static struct json_object *
sample_inside(struct json_object *document, struct json_object *schema,
    const char *name, int depth)
{
	struct json_object *said = said_sample(schema);
	const char *ref = tree_get_text(schema, "$ref");
	const char *type = type_of(schema);
	int64_t least = tree_get_int(schema, "minimum");

	if (said != NULL)
		return said;
	if (depth == DEPTH_MAX)
		return tree_object();
	if (ref != NULL)
		return sample_inside(document,
		    tree_get_object(
		        tree_get_object(
		            tree_get_object(document, "components"), "schemas"),
		        strrchr(ref, '/') + 1),
		    name, depth + 1);
	if (strcmp(type, "array") == 0)
		return list_sample(document, schema, name, depth);
	if (strcmp(type, "string") == 0)
		return text_sample(schema, name);
	if (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0)
		return tree_int(least > 0 ? least : 1);
	if (strcmp(type, "boolean") == 0)
		return tree_bool(false);
	return object_sample(document, schema, depth);
}

struct json_object *
sample_of(struct json_object *document, struct json_object *schema)
{
	return sample_inside(document, schema, "text", 0);
}
