/* SPDX-License-Identifier: MIT */
/* input -- see input.h.  One reader for each source, one check for each type.
 */
#include "input.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "utf8.h"

/* One input being read. */
struct reading {
	const struct fn_input *input;
	struct arena *arena;
	struct input_value *value;
	const char *fault; /* the message, or NULL while all is well */
};

int
input_count(const struct fn *fn)
{
	int n = 0;

	while (fn->inputs != NULL && fn->inputs[n].name != NULL)
		n++;
	return n;
}

static void
check_length(struct reading *r, int64_t length, const char *unit)
{
	if (length < r->input->min)
		r->fault =
		    arena_format(r->arena, "is too short (minimum is %lld %s)",
		        (long long)r->input->min, unit);
	else if (length > r->input->max)
		r->fault =
		    arena_format(r->arena, "is too long (maximum is %lld %s)",
		        (long long)r->input->max, unit);
}

/* something@something, no white space, one '@'. */
static bool
looks_like_address(const char *s)
{
	const char *at;

	at = strchr(s, '@');
	return at != NULL && at != s && at[1] != '\0' &&
	       strchr(at + 1, '@') == NULL && strpbrk(s, " \t") == NULL;
}

/*
 * Text of any type but FN_INT: UTF-8 first, then blank, then length.  Returns
 * the text to keep, trimmed where the type says so.
 */
static const char *
check_text(struct reading *r, const char *raw, size_t len)
{
	enum fn_type type = r->input->type;
	const char *trimmed = raw;
	size_t trimmed_len = len;
	ptrdiff_t characters;

	if (utf8_length(raw, len) < 0) {
		r->fault = "is not valid UTF-8 text without NUL";
		return NULL;
	}
	if (type != FN_SECRET)
		trimmed = utf8_trim(raw, &trimmed_len);
	if (type != FN_TEXT) {
		raw = trimmed;
		len = trimmed_len;
	}
	if (trimmed_len == 0 && (r->input->required || type == FN_LINES)) {
		r->fault = "can't be blank";
		return NULL;
	}
	characters = utf8_length(raw, len);
	check_length(r, type == FN_SECRET ? (int64_t)len : characters,
	    type == FN_SECRET ? "bytes" : "characters");
	if (type != FN_TEXT && type != FN_SECRET && utf8_has_control(raw, len))
		r->fault = "can't contain control characters";
	raw = arena_copy(r->arena, raw, len);
	if (r->fault == NULL && type == FN_EMAIL && !looks_like_address(raw))
		r->fault = "is not an email address";
	return raw;
}

static void
take_number(struct reading *r, int64_t number)
{
	if (number < r->input->min)
		r->fault = arena_format(r->arena, "must be at least %lld",
		    (long long)r->input->min);
	else if (number > r->input->max)
		r->fault = arena_format(
		    r->arena, "must be at most %lld", (long long)r->input->max);
	r->value->number = number;
	r->value->text = arena_format(r->arena, "%lld", (long long)number);
}

/* Text from the path or the query, decoded. */
static void
take_plain(struct reading *r, const char *text, size_t len)
{
	int64_t number;
	char *end;

	if (r->input->type != FN_INT) {
		r->value->text = check_text(r, text, len);
		return;
	}
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno != 0 || end == text || end != text + len ||
	    strchr("-0123456789", text[0]) == NULL)
		r->fault = "must be an integer";
	else
		take_number(r, number);
}

static void
take_items(struct reading *r, struct json_object *list)
{
	const char **items;
	const char *text;
	struct json_object *item;
	size_t n;
	int i, j;

	n = json_object_array_length(list);
	if (n > (size_t)r->input->items_max) {
		r->fault = arena_format(r->arena,
		    "has too many items (maximum is %d)", r->input->items_max);
		return;
	}
	items = arena_alloc(r->arena, (n + 1) * sizeof(*items));
	for (i = 0; (size_t)i < n && r->fault == NULL; i++) {
		item = json_object_array_get_idx(list, (size_t)i);
		if (!json_object_is_type(item, json_type_string)) {
			r->fault = "must be a list of texts";
			return;
		}
		text = check_text(r, json_object_get_string(item),
		    (size_t)json_object_get_string_len(item));
		if (text == NULL)
			return;
		for (j = 0; j < r->value->nitems; j++)
			if (strcmp(items[j], text) == 0)
				break;
		if (j == r->value->nitems)
			items[r->value->nitems++] = text;
	}
	r->value->items = items;
}

/* A member of the JSON body. */
static void
take_json(struct reading *r, struct json_object *member)
{
	enum fn_type type = r->input->type;

	if (member == NULL) { /* null */
		r->fault = type == FN_LINES ? "must be a list of texts"
		                            : "can't be blank";
	} else if (type == FN_LINES) {
		if (json_object_is_type(member, json_type_array))
			take_items(r, member);
		else
			r->fault = "must be a list of texts";
	} else if (type == FN_INT) {
		if (json_object_is_type(member, json_type_int))
			take_number(r, json_object_get_int64(member));
		else
			r->fault = "must be an integer";
	} else if (json_object_is_type(member, json_type_string)) {
		r->value->text = check_text(r, json_object_get_string(member),
		    (size_t)json_object_get_string_len(member));
	} else {
		r->fault = "must be text";
	}
}

/* The query parameter of this name; twice is a fault. */
static void
read_query(struct reading *r, const char *query)
{
	struct span rest = {query, strlen(query)}, name, value;
	ptrdiff_t len;
	char *text;

	while (url_next(&rest, &name, &value)) {
		text = arena_alloc(r->arena, name.len + 1);
		len = url_decode(name, true, text);
		if (len < 0 || strlen(text) != (size_t)len ||
		    strcmp(text, r->input->name) != 0)
			continue;
		if (r->value->given) {
			r->fault = "is given twice";
			return;
		}
		text = arena_alloc(r->arena, value.len + 1);
		len = url_decode(value, true, text);
		if (len < 0) {
			r->fault = "is not percent-encoded as it should be";
			return;
		}
		if (len == 0)
			continue; /* the same as left out */
		r->value->given = true;
		take_plain(r, text, (size_t)len);
	}
}

/* The segment of the path; false for what no stored thing can be called. */
static bool
read_path(struct reading *r, struct span raw, bool decoded)
{
	ptrdiff_t len = (ptrdiff_t)raw.len;
	char *text;

	if (decoded) {
		text = arena_copy(r->arena, raw.at, raw.len);
	} else {
		text = arena_alloc(r->arena, raw.len + 1);
		len = url_decode(raw, false, text);
	}
	if (len <= 0)
		return false;
	r->value->given = true;
	take_plain(r, text, (size_t)len);
	return r->fault == NULL;
}

static void
read_body(struct reading *r, struct json_object *body)
{
	struct json_object *member;

	if (!json_object_object_get_ex(body, r->input->name, &member))
		return;
	r->value->given = true;
	take_json(r, member);
}

/* What an input that was left out stands for. */
static void
fill_in(struct reading *r)
{
	if (r->input->required) {
		r->fault = "can't be blank";
	} else if (r->input->or_else != NULL) {
		take_plain(r, r->input->or_else, strlen(r->input->or_else));
	}
}

enum http_status
input_read(const struct fn *fn, const struct input_source *source,
    struct arena *arena, struct reply *reply, struct input_value *values)
{
	enum http_status status = HTTP_OK;
	int n, nparams = 0;

	n = input_count(fn);
	for (int i = 0; i < n; i++) {
		struct reading r = {
		    .input = &fn->inputs[i],
		    .arena = arena,
		    .value = &values[i],
		};

		if (r.input->in == FN_PATH) {
			if (!read_path(&r, source->params[nparams++],
			        source->params_decoded))
				return reply_error(
				    reply, HTTP_NOT_FOUND, "path", "not found");
		} else if (r.input->in == FN_QUERY) {
			read_query(&r, source->query);
		} else {
			read_body(&r, source->body);
		}
		if (!r.value->given && r.fault == NULL)
			fill_in(&r);
		if (r.fault != NULL)
			status = reply_error(reply, HTTP_UNPROCESSABLE_CONTENT,
			    r.input->name, r.fault);
	}
	return status;
}
