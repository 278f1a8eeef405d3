/* SPDX-License-Identifier: MIT */
/* input -- see input.h.  One reader for each place; the types are value.c. */
#include "input.h"

#include <json-c/json.h>
#include <string.h>

#include "arena.h"
#include "cookie.h"
#include "die.h"
#include "gateway.h"
#include "utf8.h"
#include "value.h"

enum {
	/* Names, braces, numbers and some white space around the inputs. */
	FRAME_BYTES = 16 * 1024,
};

/* One input being read. */
struct reader {
	const struct fn_input *input;
	const struct input_source *source;
	struct arena *arena;
	struct input_value *value;
	const char **items; /* of value */
	const char *fault;  /* the message, or NULL while all is well */
	const char *where;  /* it belongs to, when not to input->name */
};

static bool
is_list(const struct fn_input *input)
{
	return input->items_max > 0;
}

static void
too_many(struct reader *r)
{
	r->fault = arena_format(r->arena, "has too many items (maximum is %d)",
	    r->input->items_max);
}

/* ---- what was found ---- */

/* One more item of a list. */
static void
keep_item(struct reader *r, const char *text)
{
	int n = r->value->nitems;

	if (r->input->unique)
		for (int i = 0; i < n; i++)
			if (strcmp(r->items[i], text) == 0)
				return;
	if (n == r->input->items_max) {
		too_many(r);
		return;
	}
	r->items[n] = text;
	r->value->nitems++;
}

static void
keep_value(struct reader *r, const char *fault, const struct value *value)
{
	r->fault = fault;
	if (fault != NULL)
		return;
	if (is_list(r->input)) {
		keep_item(r, value->text);
		return;
	}
	r->value->text = value->text;
	r->value->number = value->number;
}

/* Decoded text from anywhere but JSON. */
static void
take_plain(struct reader *r, struct span text)
{
	struct value value = {0};

	keep_value(
	    r, value_from_text(r->input, r->arena, text, &value), &value);
}

static void
take_member(struct reader *r, struct json_object *member)
{
	struct value value = {0};

	keep_value(
	    r, value_from_json(r->input, r->arena, member, &value), &value);
}

static void
take_items(struct reader *r, struct json_object *list)
{
	size_t n;

	if (!json_object_is_type(list, json_type_array)) {
		r->fault = "must be a list";
		return;
	}
	n = json_object_array_length(list);
	if (n == 0 && r->input->required)
		r->fault = "can't be blank";
	if (n > (size_t)r->input->items_max) {
		too_many(r);
		return;
	}
	for (size_t i = 0; i < n && r->fault == NULL; i++)
		take_member(r, json_object_array_get_idx(list, i));
}

/* ---- where it is ---- */

/* A member of the JSON body; null is one only where it may be. */
static void
take_json(struct reader *r, struct json_object *member)
{
	r->value->given = true;
	if (member == NULL && r->input->nullable)
		r->value->null = true;
	else if (is_list(r->input))
		take_items(r, member);
	else if (member == NULL && r->input->type != FN_JSON)
		r->fault = "can't be blank";
	else
		take_member(r, member);
}

/* "address.city" leads through the object address; what is null on the way
 * holds nothing. */
static void
read_json_body(struct reader *r)
{
	const char *name = r->input->name, *dot;
	struct json_object *object = r->source->body, *member;
	char *part;

	while ((dot = strchr(name, '.')) != NULL) {
		part = arena_copy(r->arena, name, (size_t)(dot - name));
		if (!json_object_object_get_ex(object, part, &member) ||
		    member == NULL)
			return;
		if (!json_object_is_type(member, json_type_object)) {
			r->fault = "must be an object";
			r->where = arena_copy(r->arena, r->input->name,
			    (size_t)(dot - r->input->name));
			return;
		}
		object = member;
		name = dot + 1;
	}
	if (json_object_object_get_ex(object, name, &member))
		take_json(r, member);
}

static bool
is_left_out(struct span text)
{
	return utf8_trim(text.at, &text.len) != NULL && text.len == 0;
}

/* The parameters of this name in "a=1&b=2"; a second one is a fault, but in a
 * list. */
static void
read_pairs(struct reader *r, struct span rest)
{
	struct span name, value, text;
	ptrdiff_t len;
	char *room;

	while (r->fault == NULL && url_next(&rest, &name, &value)) {
		if (!url_is(name, r->input->name))
			continue;
		if (r->value->given && !is_list(r->input)) {
			r->fault = "is given twice";
			return;
		}
		room = arena_alloc(r->arena, value.len + 1);
		len = url_decode(value, true, room);
		if (len < 0) {
			r->fault = "is not percent-encoded as it should be";
			return;
		}
		text = (struct span){room, (size_t)len};
		if (is_left_out(text))
			continue;
		r->value->given = true;
		take_plain(r, text);
	}
}

static void
read_body(struct reader *r)
{
	if (r->source->is_form)
		read_pairs(r, r->source->form);
	else
		read_json_body(r);
}

static void
read_query(struct reader *r)
{
	const char *query = r->source->query;

	read_pairs(r, (struct span){query, strlen(query)});
}

/* "x-api-key" is the variable HTTP_X_API_KEY: RFC 3875, 4.1.18; of a body's own
 * there is no HTTP_. */
static const char *
header_value(const struct reader *r)
{
	const char *name = r->input->name;
	char *variable = arena_format(r->arena, "%s%s",
	    strcmp(name, "content-type") == 0 ? "" : "HTTP_", name);

	for (char *c = variable; *c != '\0'; c++) {
		if (*c == '-')
			*c = '_';
		else if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	}
	return gateway_variable(r->source->request, variable);
}

static void
read_header(struct reader *r)
{
	const char *text = header_value(r);
	struct span value;

	if (text == NULL)
		return;
	value = (struct span){text, strlen(text)};
	if (is_left_out(value))
		return;
	r->value->given = true;
	take_plain(r, value);
}

/* Of several of one name the first: RFC 6265, 5.4 puts that of the longest path
 * there. */
static void
read_cookie(struct reader *r)
{
	const char *header =
	    gateway_variable(r->source->request, "HTTP_COOKIE");
	struct span rest, name, value;
	char *text;

	if (header == NULL)
		return;
	rest = (struct span){header, strlen(header)};
	while (cookie_next(&rest, &name, &value)) {
		if (strlen(r->input->name) != name.len ||
		    memcmp(r->input->name, name.at, name.len) != 0)
			continue;
		text = arena_alloc(r->arena, value.len + 1);
		value = (struct span){text, cookie_decode(value, text)};
		if (is_left_out(value))
			return;
		r->value->given = true;
		take_plain(r, value);
		return;
	}
}

/* The segment of the path, decoded. */
static void
read_path(struct reader *r)
{
	int i = url_param(r->source->pattern, r->input->name);
	struct span text;

	if (i < 0)
		bug("%s is not in the route", r->input->name);
	text = r->source->params[i];
	text.at = arena_copy(r->arena, text.at, text.len);
	r->value->given = true;
	take_plain(r, text);
}

static void (*const places[FN_PLACES])(struct reader *r) = {
    [FN_PATH] = read_path,
    [FN_QUERY] = read_query,
    [FN_BODY] = read_body,
    [FN_HEADER] = read_header,
    [FN_COOKIE] = read_cookie,
};

/* What an input that was left out stands for. */
static void
fill_in(struct reader *r)
{
	const char *or_else = r->input->or_else;

	if (r->input->required)
		r->fault = "can't be blank";
	else if (or_else != NULL)
		take_plain(r, (struct span){or_else, strlen(or_else)});
}

/* What an input with a fault reads as, so that check and guard need not ask of
 * each whether it has one: its default, or "" and 0. */
static void
read_as_nothing(struct reader *r)
{
	const char *or_else = r->input->or_else;
	struct value value = {.text = ""};

	if (or_else != NULL &&
	    value_from_text(r->input, r->arena,
	        (struct span){or_else, strlen(or_else)}, &value) != NULL)
		bug("%s: the default is none", r->input->name);
	*r->value =
	    (struct input_value){.text = value.text, .number = value.number};
}

static void
read_one(struct reader *r)
{
	*r->value = (struct input_value){0};
	if (is_list(r->input))
		r->value->items = r->items = arena_alloc(
		    r->arena, (size_t)r->input->items_max * sizeof(*r->items));
	places[r->input->in](r);
	if (!r->value->given && r->fault == NULL)
		fill_in(r);
	if (r->fault != NULL)
		read_as_nothing(r);
}

enum http_status
input_read(const struct fn *fn, enum input_part part,
    const struct input_source *source, struct arena *arena, struct reply *reply,
    struct input_value *values)
{
	enum http_status status = HTTP_OK;

	for (int i = 0; i < fn->inputs.n; i++) {
		struct reader r = {
		    .input = &fn->inputs.list[i],
		    .source = source,
		    .arena = arena,
		    .value = &values[i],
		    .where = fn->inputs.list[i].name,
		};

		if ((r.input->in == FN_BODY) != (part == INPUT_BODY))
			continue;
		read_one(&r);
		if (r.fault != NULL && r.input->in == FN_PATH) {
			reply_reset(reply);
			return reply_not_found(reply, "path");
		}
		if (r.fault != NULL)
			status = reply_invalid(reply, r.where, r.fault);
	}
	return status;
}

bool
input_form_fits(struct span form)
{
	struct span name, value;
	int n = 0;

	while (n <= INPUT_FIELDS_MAX && url_next(&form, &name, &value))
		n++;
	return n <= INPUT_FIELDS_MAX;
}

unsigned
input_body_kinds(const struct fn *fn)
{
	if (fn->body != 0)
		return fn->body;
	for (int i = 0; i < fn->inputs.n; i++)
		if (fn->inputs.list[i].in == FN_BODY)
			return FN_BODY_JSON;
	return 0;
}

int64_t
input_body_bytes(const struct fn *fn)
{
	int64_t bytes = FRAME_BYTES, one;

	for (int i = 0; i < fn->inputs.n; i++) {
		const struct fn_input *input = &fn->inputs.list[i];

		if (input->in != FN_BODY || input->type < FN_LINE ||
		    input->type >= FN_TYPES)
			continue;
		one = value_body_bytes(input);
		bytes += is_list(input) ? one * input->items_max : one;
	}
	return bytes;
}
