/* SPDX-License-Identifier: MIT */
/*
 * fuzz-fn_shape -- any text as the shape of a JSON body.  What must hold:
 * exactly what a second reader accepts is accepted, which makes JSON of it by
 * quotes alone and asks json_in; with a writer or without; what is written is
 * I-JSON, and turned back the text without its white space, and a shape that
 * writes the same.
 */
#undef NDEBUG
#include <assert.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "fn_private.h"
#include "json_in.h"
#include "out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define NAME_BYTES                                                             \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

enum {
	NAME_MAX_BYTES = 62,
	DEPTH_MAX = 10,
	SHAPE_MAX_BYTES = JSON_IN_VALUES_MAX,
};

/* Words, with a '?' behind them or not, in quotes, and what stands before a '{'
 * as a first member; to be freed.  NULL when there is a byte that no shape has,
 * or a '?' that is behind none. */
static char *
with_quotes(const char *s)
{
	char *out = xmalloc(16 * strlen(s) + 1), *to = out;

	while (*s != '\0') {
		size_t n = strspn(s, NAME_BYTES), white;

		if (n == 0) {
			if (strchr("{}[]:, \n\t", *s) == NULL) {
				free(out);
				return NULL;
			}
			*to++ = *s++;
			continue;
		}
		white = strspn(s + n, " \n\t");
		if (s[n + white] == '{') {
			to += snprintf(
			    to, n + 16, "{\"$name\":\"%.*s\",", (int)n, s);
			s += n + white + 1;
			continue;
		}
		*to++ = '"';
		memcpy(to, s, n);
		to += n;
		s += n;
		if (s[white] == '?') {
			*to++ = '?';
			s += white + 1;
		}
		*to++ = '"';
	}
	*to = '\0';
	return out;
}

static bool
is_word(const char *text)
{
	static const char words[] =
	    " line text name email secret url int decimal bool choice date"
	    " time uuid json float any ";
	size_t len = strcspn(text, "?");
	char word[32];

	if (len > 20)
		return false;
	snprintf(word, sizeof(word), " %.*s ", (int)len, text);
	return len > 0 && strstr(words, word) != NULL;
}

static bool
is_tree(struct json_object *value, int depth)
{
	if (json_object_is_type(value, json_type_string))
		return is_word(json_object_get_string(value));
	if (depth == DEPTH_MAX)
		return false;
	if (json_object_is_type(value, json_type_array))
		return json_object_array_length(value) == 1 &&
		       is_tree(json_object_array_get_idx(value, 0), depth + 1);
	json_object_object_foreach(value, key, member)
	{
		size_t len = strlen(key);

		if (strcmp(key, "$name") == 0) {
			const char *name = json_object_get_string(member);

			if (*name < 'A' || *name > 'Z' ||
			    strlen(name) > NAME_MAX_BYTES)
				return false;
			continue;
		}

		if (strspn(key, NAME_BYTES) != len || len > NAME_MAX_BYTES ||
		    !is_tree(member, depth + 1))
			return false;
	}
	return json_object_object_length(value) > 0;
}

static bool
second_reader(const char *text)
{
	struct json_object *root = NULL;
	char *json = with_quotes(text);
	bool good = false;

	if (json != NULL &&
	    json_in_parse(json, strlen(json), &root) == JSON_IN_OK)
		good = is_tree(root, 0);
	json_object_put(root);
	free(json);
	return good;
}

/* s without the bytes in drop, to be freed. */
static char *
without(const char *s, const char *drop)
{
	char *out = xmalloc(strlen(s) + 1), *to = out;

	for (; *s != '\0'; s++)
		if (strchr(drop, *s) == NULL)
			*to++ = *s;
	*to = '\0';
	return out;
}

/* "{$name:A," to "A{", in place. */
static void
names_first(char *s)
{
	static const char mark[] = "{$name:";
	char *to = s;
	size_t n;

	while (*s != '\0') {
		if (strncmp(s, mark, strlen(mark)) != 0) {
			*to++ = *s++;
			continue;
		}
		s += strlen(mark);
		n = strspn(s, NAME_BYTES);
		memmove(to, s, n);
		to[n] = '{';
		to += n + 1;
		s += n + 1;
	}
	*to = '\0';
}

static void
check_written(const char *text, const char *json)
{
	struct json_object *root = NULL;
	struct out o = out_new(1 << 21);
	char *plain = without(json, "\""), *shape = without(text, " \n\t");

	names_first(plain);

	assert(json_in_parse(json, strlen(json), &root) == JSON_IN_OK);
	json_object_put(root);
	assert(strcmp(plain, shape) == 0);
	assert(fn_shape(plain, &o, NULL));
	assert(!o.buf.failed && strcmp(o.buf.data, json) == 0);
	buf_free(&o.buf);
	free(plain);
	free(shape);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct out o = out_new(1 << 21);
	char *text;
	bool good;

	if (len > SHAPE_MAX_BYTES)
		return 0;
	text = xmalloc(len + 1);
	if (len > 0)
		memcpy(text, data, len);
	text[len] = '\0';
	good = fn_shape(text, &o, NULL);
	assert(fn_shape(text, NULL, NULL) == good);
	assert(second_reader(text) == good);
	if (good) {
		assert(o.depth == 0 && !o.buf.failed);
		check_written(text, o.buf.data);
	}
	buf_free(&o.buf);
	free(text);
	return 0;
}
