/* SPDX-License-Identifier: MIT */
/* req -- see req.h.  The values were checked by input.c. */
#include "req.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "die.h"
#include "etag.h"
#include "fn.h"
#include "gateway.h"
#include "input.h"
#include "req_private.h"
#include "response.h"
#include "setting.h"
#include "stamp.h"

enum {
	/* In the queue of a function, at most: the largest deadline_ms that
	 * anybody would wait for.  Beyond it a clock was set. */
	SENT_MAX_MS = 60 * 1000,
};

static const struct input_value *
value_at(const struct req *req, int input)
{
	if (input < 0 || input >= req->private->fn->inputs.n)
		bug("input %d of %d", input, req->private->fn->inputs.n);
	return &req->private->values[input];
}

const char *
req_text(const struct req *req, int input)
{
	return value_at(req, input)->text;
}

/* The number of an input that must be of this type. */
static int64_t
number_at_input(const struct req *req, int input, enum fn_type type)
{
	const struct input_value *value = value_at(req, input);
	const struct fn_input *is = &req->private->fn->inputs.list[input];

	if (is->type != type)
		bug("the input %s is %s, which is read otherwise", is->name,
		    descriptor_types[is->type].word);
	if (value->text == NULL)
		bug("the input %s was left out and has no default", is->name);
	return value->number;
}

int64_t
req_int(const struct req *req, int input)
{
	return number_at_input(req, input, FN_INT);
}

bool
req_bool(const struct req *req, int input)
{
	return number_at_input(req, input, FN_BOOL) != 0;
}

int
req_choice(const struct req *req, int input)
{
	return (int)number_at_input(req, input, FN_CHOICE);
}

int64_t
req_time(const struct req *req, int input)
{
	return number_at_input(req, input, FN_TIME);
}

bool
req_has(const struct req *req, int input)
{
	return value_at(req, input)->given;
}

bool
req_is_null(const struct req *req, int input)
{
	return value_at(req, input)->null;
}

int
req_count(const struct req *req, int input)
{
	return value_at(req, input)->nitems;
}

const char *
req_item(const struct req *req, int input, int item)
{
	const struct input_value *value = value_at(req, input);

	if (item < 0 || item >= value->nitems)
		bug("item %d of %d", item, value->nitems);
	return value->items[item];
}

const char *
req_array(const struct req *req, int input)
{
	const struct input_value *value;
	size_t size = sizeof("{}");
	char *text, *at;

	value = value_at(req, input);
	for (int i = 0; i < value->nitems; i++)
		size += 2 * strlen(value->items[i]) + sizeof("\"\",");
	text = at = arena_alloc(req->arena, size);
	*at++ = '{';
	for (int i = 0; i < value->nitems; i++) {
		if (i > 0)
			*at++ = ',';
		*at++ = '"';
		for (const char *s = value->items[i]; *s != '\0'; s++) {
			if (*s == '"' || *s == '\\')
				*at++ = '\\';
			*at++ = *s;
		}
		*at++ = '"';
	}
	*at = '}';
	return text;
}

/* Versions have no character that would have to be escaped. */
const char *
req_if_match(const struct req *req)
{
	const char *header =
	    gateway_variable(req->private->request, "HTTP_IF_MATCH");
	const char *all = "";
	struct span list, tag;
	bool weak;

	req->private->if_match_asked = true;
	if (header == NULL || *header == '\0' || strcmp(header, "*") == 0)
		return NULL;
	list = (struct span){header, strlen(header)};
	while (etag_next(&list, &tag, &weak)) {
		if (weak || tag.len <= 1 + RESPONSE_HASH_DIGITS)
			continue;
		tag.len -= 1 + RESPONSE_HASH_DIGITS;
		if (tag.at[tag.len] == '-' && reply_is_version(tag))
			all = arena_format(req->arena, "%s%s\"%.*s\"", all,
			    *all != '\0' ? "," : "", (int)tag.len, tag.at);
	}
	return arena_format(req->arena, "{%s}", all);
}

struct span
req_body(const struct req *req)
{
	return req->private->body;
}

const char *
req_address(const struct req *req)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	const char *text;

	text = gateway_variable(req->private->request, "REMOTE_ADDR");
	if (text == NULL || (inet_pton(AF_INET, text, bytes) != 1 &&
	                        inet_pton(AF_INET6, text, bytes) != 1))
		return NULL;
	return text;
}

int64_t
req_sent_ms(const struct req *req)
{
	const struct gateway_request *request = req->private->request;
	int64_t now_ms = stamp_unix_ms(), sent_ms = gateway_sent_ms(request);

	if (sent_ms > now_ms - SENT_MAX_MS)
		return sent_ms;
	return now_ms - (stamp_monotonic_ns() - request->begun_ns) / 1000000;
}

const char *
req_setting(const struct req *req, const char *name)
{
	const char *text = setting_own_text(name);

	(void)req;
	if (text == NULL)
		bug("the descriptor does not list the setting %s", name);
	return text;
}

struct db_rows *
req_query(const struct req *req, const struct db_statement *statement,
    const char *const *args, int n)
{
	return db_query(req->private->db, statement, args, n);
}

void
req_query_all(const struct req *req, struct db_rows *rows[],
    const struct db_call *calls, int n)
{
	db_all(req->private->db, rows, calls, n);
}
