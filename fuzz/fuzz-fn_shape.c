/* SPDX-License-Identifier: MIT */
/*
 * fuzz-fn_shape -- any text as the shape of a JSON body.  What must hold: what
 * is accepted is accepted without a writer, too, and as what it writes is JSON;
 * that JSON without its quotes is a shape that writes the same, and is the text
 * without its white space.
 */
#undef NDEBUG
#include <assert.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "fn_private.h"
#include "json_in.h"
#include "out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

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

static void
check_written(const char *text, const char *json)
{
	struct json_object *root = NULL;
	enum json_in_status status;
	struct out o = out_new(1 << 21);
	char *plain = without(json, "\""), *shape = without(text, " \n\t");

	/* A shape may name a member twice; json_in is stricter. */
	status = json_in_parse(json, strlen(json), &root);
	assert(status == JSON_IN_OK || status == JSON_IN_TWICE ||
	       status == JSON_IN_TOO_MANY);
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
	char *text = xmalloc(len + 1);
	bool good;

	if (len > 0)
		memcpy(text, data, len);
	text[len] = '\0';
	good = fn_shape(text, &o, NULL);
	assert(fn_shape(text, NULL, NULL) == good);
	if (good) {
		assert(o.depth == 0 && !o.buf.failed);
		check_written(text, o.buf.data);
	}
	buf_free(&o.buf);
	free(text);
	return 0;
}
