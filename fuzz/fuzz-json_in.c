/* SPDX-License-Identifier: MIT */
/*
 * fuzz-json_in -- any bytes as JSON.  What must hold: a refused text gives no
 * tree; a taken one is UTF-8, not deeper than the limit, has finite numbers
 * and no NUL; white space around it changes nothing; written out and read
 * again it is equal; without its last byte it is refused, unless it is a
 * number or that byte was white space.
 */
#undef NDEBUG
#include <assert.h>
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "json_in.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_text(const char *text, size_t len)
{
	assert(utf8_length(text, len) >= 0);
	assert(strlen(text) == len);
}

static void
check_tree(struct json_object *value, int depth)
{
	assert(depth <= JSON_IN_DEPTH_MAX);
	switch (json_object_get_type(value)) {
	case json_type_object: {
		json_object_object_foreach(value, key, member)
		{
			check_text(key, strlen(key));
			check_tree(
			    member, depth + (json_object_is_type(
			                         member, json_type_object) ||
			                        json_object_is_type(
			                            member, json_type_array)));
		}
		break;
	}
	case json_type_array:
		for (size_t i = 0; i < json_object_array_length(value); i++) {
			struct json_object *item =
			    json_object_array_get_idx(value, i);

			check_tree(item, depth + (json_object_is_type(
			                              item, json_type_object) ||
			                             json_object_is_type(item,
			                                 json_type_array)));
		}
		break;
	case json_type_string:
		check_text(json_object_get_string(value),
		    (size_t)json_object_get_string_len(value));
		break;
	case json_type_double:
		assert(isfinite(json_object_get_double(value)));
		break;
	default:
		break;
	}
}

static void
check_round_trip(struct json_object *root)
{
	const char *text =
	    json_object_to_json_string_ext(root, JSON_C_TO_STRING_PLAIN);
	struct json_object *again;

	assert(json_in_parse(text, strlen(text), &again) == JSON_IN_OK);
	assert(json_object_equal(root, again));
	json_object_put(again);
}

static void
check_padded(const uint8_t *data, size_t len, enum json_in_status want)
{
	char *text = xmalloc(len + 2);
	struct json_object *root;

	text[0] = '\n';
	memcpy(text + 1, data, len);
	text[len + 1] = ' ';
	assert(json_in_parse(text, len + 2, &root) == want);
	json_object_put(root);
	free(text);
}

/* In memory of its own size: one byte further is an error. */
static void
check_cut(const uint8_t *data, size_t len, bool number)
{
	bool white = memchr(" \t\r\n", data[len - 1], 4) != NULL;
	char *text = xmalloc(len - 1);
	struct json_object *root;
	enum json_in_status status;

	memcpy(text, data, len - 1);
	status = json_in_parse(text, len - 1, &root);
	assert((status == JSON_IN_OK) == white || number);
	json_object_put(root);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct json_object *root = (struct json_object *)(uintptr_t)data;
	enum json_in_status status =
	    json_in_parse((const char *)data, len, &root);

	assert(json_in_message(status) != NULL);
	if (len > 0)
		check_padded(data, len, status);
	if (status != JSON_IN_OK) {
		assert(root == NULL);
		return 0;
	}
	assert(utf8_length((const char *)data, len) > 0);
	check_tree(root, 1);
	check_round_trip(root);
	check_cut(data, len,
	    json_object_is_type(root, json_type_int) ||
	        json_object_is_type(root, json_type_double));
	json_object_put(root);
	return 0;
}
