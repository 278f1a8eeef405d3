/* SPDX-License-Identifier: MIT */
/* input -- see input.h.  One reader for each source, one check for each type.
 */
#include "input.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "die.h"
#include "email.h"
#include "precis.h"
#include "utf8.h"

enum {
	/* A character beyond U+FFFF as two \\uXXXX: RFC 8259, section 7. */
	CHARACTER_BYTES = 12,
	/* Names, braces, numbers and some white space around the inputs. */
	FRAME_BYTES = 16 * 1024,
};

/* One input being read. */
struct reading {
	const struct fn_input *input;
	struct arena *arena;
	struct input_value *value;
	const char **items; /* of value, FN_LINES */
	const char *fault;  /* the message, or NULL while all is well */
};

/* There is no path without what stands in it. */
static bool
is_required(const struct fn_input *input)
{
	return input->required || input->in == FN_PATH;
}

static struct span
json_text_of(struct json_object *string)
{
	return (struct span){json_object_get_string(string),
	    (size_t)json_object_get_string_len(string)};
}

static const char *
too_many(const struct reading *r)
{
	return arena_format(r->arena, "has too many items (maximum is %d)",
	    r->input->items_max);
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

/* The text in the one form that it is kept in: NFC, and by type trimmed, or
 * with the rules of names or passwords.  NULL with the fault. */
static const char *
normal_form(struct reading *r, struct span text)
{
	size_t size = UTF8_NFC_ROOM(text.len);
	char *out;

	if (r->input->type == FN_TEXT)
		return arena_copy(r->arena, text.at, text.len);
	out = arena_alloc(r->arena, size);
	switch (r->input->type) {
	case FN_NAME:
		r->fault = precis_name(text, out, size);
		break;
	case FN_SECRET:
		r->fault = precis_password(text, out, size);
		break;
	default:
		text.at = utf8_trim(text.at, &text.len);
		if (utf8_has_control(text.at, text.len))
			r->fault = "can't contain control characters";
		else if (utf8_nfc(text.at, text.len, out, size) < 0)
			bug("no memory for %zu bytes of NFC", size);
	}
	if (r->fault == precis_no_memory)
		bug("no memory for %zu bytes of text", size);
	return r->fault == NULL ? out : NULL;
}

/* Text of any type but FN_INT: UTF-8 first, then blank, then the rules of the
 * type, then length.  Returns the text to keep. */
static const char *
normal_text(struct reading *r, struct span raw)
{
	enum fn_type type = r->input->type;
	const char *text = "";
	bool blank;

	if (utf8_length(raw.at, raw.len) < 0) {
		r->fault = "is not valid UTF-8 text without NUL";
		return NULL;
	}
	blank =
	    type == FN_SECRET ? raw.len == 0 : utf8_is_blank(raw.at, raw.len);
	if (blank && (is_required(r->input) || type == FN_LINES)) {
		r->fault = "can't be blank";
		return NULL;
	}
	if (!blank || type == FN_TEXT)
		text = normal_form(r, raw);
	if (text == NULL)
		return NULL;
	raw = (struct span){text, strlen(text)};
	if (type == FN_SECRET)
		check_length(r, (int64_t)raw.len, "bytes");
	else
		check_length(r, utf8_length(raw.at, raw.len), "characters");
	if (r->fault == NULL && type == FN_EMAIL && !email_is_address(raw))
		r->fault = "is not an email address";
	return text;
}

static void
keep_number(struct reading *r, int64_t number)
{
	if (r->input->clamp && number > r->input->max)
		number = r->input->max;
	if (number < r->input->min)
		r->fault = arena_format(r->arena, "must be at least %lld",
		    (long long)r->input->min);
	else if (number > r->input->max)
		r->fault = arena_format(
		    r->arena, "must be at most %lld", (long long)r->input->max);
	r->value->number = number;
	r->value->text = arena_format(r->arena, "%lld", (long long)number);
}

/* One more item of a list, unless it is there already. */
static void
take_item(struct reading *r, struct span raw)
{
	const char **items = r->items;
	const char *text;
	int i = 0;

	text = normal_text(r, raw);
	if (text == NULL)
		return;
	while (i < r->value->nitems && strcmp(items[i], text) != 0)
		i++;
	if (i < r->value->nitems)
		return;
	if (i == r->input->items_max) {
		r->fault = too_many(r);
		return;
	}
	items[i] = text;
	r->value->nitems++;
}

/* Text from the path or the query, decoded. */
static void
take_plain(struct reading *r, struct span text)
{
	int64_t number;
	char *end;

	if (r->input->type == FN_LINES) {
		take_item(r, text);
		return;
	}
	if (r->input->type != FN_INT) {
		r->value->text = normal_text(r, text);
		return;
	}
	errno = 0;
	number = strtoll(text.at, &end, 10);
	if (end == text.at || end != text.at + text.len ||
	    strchr("-0123456789", text.at[0]) == NULL)
		r->fault = "must be an integer";
	else if (errno != 0 && !(r->input->clamp && number > 0))
		r->fault = "must be an integer";
	else
		keep_number(r, number);
}

static void
take_items(struct reading *r, struct json_object *list)
{
	size_t n = json_object_array_length(list);
	struct json_object *item;

	if (n > (size_t)r->input->items_max) {
		r->fault = too_many(r);
		return;
	}
	for (size_t i = 0; i < n && r->fault == NULL; i++) {
		item = json_object_array_get_idx(list, i);
		if (json_object_is_type(item, json_type_string))
			take_item(r, json_text_of(item));
		else
			r->fault = "must be a list of texts";
	}
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
			keep_number(r, json_object_get_int64(member));
		else
			r->fault = "must be an integer";
	} else if (json_object_is_type(member, json_type_string)) {
		r->value->text = normal_text(r, json_text_of(member));
	} else {
		r->fault = "must be text";
	}
}

/* What an encoded part of the query says, or NULL with the fault. */
static char *
decode_value(struct reading *r, struct span encoded, size_t *len)
{
	char *text = arena_alloc(r->arena, encoded.len + 1);
	ptrdiff_t n = url_decode(encoded, true, text);

	if (n < 0) {
		r->fault = "is not percent-encoded as it should be";
		return NULL;
	}
	*len = (size_t)n;
	return text;
}

/* Whether an encoded name is that of the input. */
static bool
is_named(const struct reading *r, struct span name)
{
	char *text = arena_alloc(r->arena, name.len + 1);
	ptrdiff_t len = url_decode(name, true, text);

	return len >= 0 && strlen(text) == (size_t)len &&
	       strcmp(text, r->input->name) == 0;
}

static bool
is_left_out(const char *text, size_t len)
{
	return utf8_trim(text, &len) != NULL && len == 0;
}

/* The query parameter of this name; a second one is a fault, but in a list.
 * One that is blank counts as left out. */
static void
read_query(struct reading *r, const char *query)
{
	struct span rest = {query, strlen(query)}, name, value;
	size_t len;
	char *text;

	while (r->fault == NULL && url_next(&rest, &name, &value)) {
		if (!is_named(r, name))
			continue;
		if (r->value->given && r->input->type != FN_LINES) {
			r->fault = "is given twice";
			return;
		}
		text = decode_value(r, value, &len);
		if (text == NULL)
			return;
		if (is_left_out(text, len))
			continue;
		r->value->given = true;
		take_plain(r, (struct span){text, len});
	}
}

/* The segment of the path, decoded; false for what no stored thing can be
 * called. */
static bool
read_path(struct reading *r, const struct input_source *source)
{
	int i = url_param(source->pattern, r->input->name);
	struct span text;

	if (i < 0)
		bug("%s is not in the route", r->input->name);
	text = source->params[i];
	text.at = arena_copy(r->arena, text.at, text.len);
	r->value->given = true;
	take_plain(r, text);
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
		take_plain(r, (struct span){r->input->or_else,
		                  strlen(r->input->or_else)});
	}
}

enum http_status
input_read(const struct fn *fn, const struct input_source *source,
    struct arena *arena, struct reply *reply, struct input_value *values)
{
	enum http_status status = HTTP_OK;

	for (int i = 0; i < fn->inputs.n; i++) {
		struct reading r = {
		    .input = &fn->inputs.list[i],
		    .arena = arena,
		    .value = &values[i],
		};

		if (r.input->type == FN_LINES)
			r.value->items = r.items = arena_alloc(arena,
			    (size_t)r.input->items_max * sizeof(*r.items));
		if (r.input->in == FN_QUERY)
			read_query(&r, source->query);
		else if (r.input->in == FN_BODY)
			read_body(&r, source->body);
		else if (!read_path(&r, source))
			return reply_not_found(reply, "path");
		if (!r.value->given && r.fault == NULL)
			fill_in(&r);
		if (r.fault != NULL)
			status = reply_error(reply, HTTP_UNPROCESSABLE_CONTENT,
			    r.input->name, r.fault);
	}
	return status;
}

int64_t
input_body_bytes(const struct fn *fn)
{
	int64_t bytes = FRAME_BYTES, one;

	for (int i = 0; i < fn->inputs.n; i++) {
		const struct fn_input *input = &fn->inputs.list[i];

		if (input->in != FN_BODY || input->type == FN_INT)
			continue;
		one = input->max * CHARACTER_BYTES;
		bytes += input->type == FN_LINES ? one * input->items_max : one;
	}
	return bytes;
}
