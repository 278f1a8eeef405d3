/* SPDX-License-Identifier: MIT */
/* tree -- see tree.h. */
#include "tree.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum {
	REF_BYTES = 256,
};

static struct json_object *
made(struct json_object *value)
{
	if (value == NULL)
		exit(cli_fail(CLI_FAILED, NULL, "memory is out"));
	return value;
}

struct json_object *
tree_object(void)
{
	return made(json_object_new_object());
}

struct json_object *
tree_list(void)
{
	return made(json_object_new_array());
}

struct json_object *
tree_string(const char *text)
{
	return made(json_object_new_string(text));
}

struct json_object *
tree_int(int64_t value)
{
	return made(json_object_new_int64(value));
}

struct json_object *
tree_bool(bool value)
{
	return made(json_object_new_boolean(value));
}

struct json_object *
tree_add(struct json_object *parent, const char *key, struct json_object *child)
{
	int failed = key != NULL ? json_object_object_add(parent, key, child)
	                         : json_object_array_add(parent, child);

	return made(failed == 0 ? child : NULL);
}

void
tree_add_text(struct json_object *parent, const char *key, const char *text)
{
	if (text != NULL)
		tree_add(parent, key, tree_string(text));
}

void
tree_add_int(struct json_object *parent, const char *key, int64_t value)
{
	tree_add(parent, key, tree_int(value));
}

void
tree_add_bool(struct json_object *parent, const char *key, bool value)
{
	tree_add(parent, key, tree_bool(value));
}

struct json_object *
tree_add_object(struct json_object *parent, const char *key)
{
	return tree_add(parent, key, tree_object());
}

struct json_object *
tree_add_list(struct json_object *parent, const char *key)
{
	return tree_add(parent, key, tree_list());
}

struct json_object *
tree_ref(const char *kind, const char *name)
{
	struct json_object *ref = tree_object();
	char text[REF_BYTES];

	snprintf(text, sizeof(text), "#/components/%s/%s", kind, name);
	tree_add_text(ref, "$ref", text);
	return ref;
}

struct json_object *
tree_get(struct json_object *from, const char *key)
{
	struct json_object *value = NULL;

	if (!json_object_is_type(from, json_type_object) ||
	    !json_object_object_get_ex(from, key, &value))
		return NULL;
	return value;
}

static struct json_object *
get_typed(struct json_object *from, const char *key, enum json_type type)
{
	struct json_object *value = tree_get(from, key);

	return value != NULL && json_object_is_type(value, type) ? value : NULL;
}

struct json_object *
tree_get_object(struct json_object *from, const char *key)
{
	return get_typed(from, key, json_type_object);
}

const char *
tree_get_text(struct json_object *from, const char *key)
{
	struct json_object *value = get_typed(from, key, json_type_string);

	return value != NULL ? json_object_get_string(value) : NULL;
}

int64_t
tree_get_int(struct json_object *from, const char *key)
{
	struct json_object *value = get_typed(from, key, json_type_int);

	return value != NULL ? json_object_get_int64(value) : 0;
}

bool
tree_get_bool(struct json_object *from, const char *key)
{
	struct json_object *value = get_typed(from, key, json_type_boolean);

	return value != NULL && json_object_get_boolean(value);
}

size_t
tree_count(struct json_object *from, const char *key)
{
	struct json_object *list = get_typed(from, key, json_type_array);

	return list != NULL ? json_object_array_length(list) : 0;
}

struct json_object *
tree_item(struct json_object *from, const char *key, size_t i)
{
	struct json_object *list = get_typed(from, key, json_type_array);

	return list != NULL ? json_object_array_get_idx(list, i) : NULL;
}

static int
by_bytes(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

struct json_object *
tree_sorted(struct json_object *object)
{
	size_t n = 0;
	struct json_object *sorted = tree_object();
	const char **keys;

	keys = cli_alloc(
	    ((size_t)json_object_object_length(object) + 1) * sizeof(*keys));
	json_object_object_foreach(object, key, value)
	{
		(void)value;
		keys[n++] = key;
	}
	qsort(keys, n, sizeof(*keys), by_bytes);
	for (size_t i = 0; i < n; i++)
		tree_add(sorted, keys[i],
		    json_object_get(tree_get(object, keys[i])));
	free(keys);
	json_object_put(object);
	return sorted;
}
