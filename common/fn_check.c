/* SPDX-License-Identifier: MIT */
/*
 * fn_check -- what can be wrong with a descriptor, found before it serves.
 *
 * A problem names file, field and value:
 *
 *	hat-get.c: route: "/r/{code}" is not made of /word and /:name
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "db_statement.h"
#include "decimal.h"
#include "fn_private.h"
#include "http.h"
#include "input.h"
#include "rate_class.h"
#include "setting.h"
#include "url.h"
#include "value.h"

enum {
	PROBLEM_BYTES = 400,
	/* What a process takes beside body and reply, the 25 MiB of
	 * JSON_IN_VALUES_MAX included; and how often those stand in memory at
	 * once: buffers grow by doubling, JSON and inputs have copies of their
	 * own.  Measured: a body of 2.4 MB of one text is stored in 16 MiB. */
	OVERHEAD_MIB = 40,
	BODY_COPIES = 5,
	REPLY_COPIES = 3,
	INPUT_NAME_MAX = 128,    /* characters */
	PATTERN_TEXT_MAX = 1000, /* characters that a pattern is tried on */
	TRY_BYTES = 1024 * 1024, /* for the reading of one default */
};

/* A descriptor being checked. */
struct check {
	const struct fn_entry *entry;
	const struct fn *fn;
	const char *file;
	const char *path; /* of the route; "" when there is none */
	void (*say)(void *context, const char *problem);
	void *context;
	int problems;
};

static void PRINTF_LIKE(3, 4)
    problem(struct check *c, const char *field, const char *fmt, ...)
{
	char text[PROBLEM_BYTES];
	va_list ap;
	int n;

	n = snprintf(text, sizeof(text), "%s: %s: ", c->file, field);
	va_start(ap, fmt);
	if (n > 0 && (size_t)n < sizeof(text))
		vsnprintf(text + n, sizeof(text) - (size_t)n, fmt, ap);
	va_end(ap);
	c->say(c->context, text);
	c->problems++;
}

/* ---- route ---- */

static bool
has_path_input(const struct fn *fn, struct span name)
{
	for (int i = 0; i < fn->inputs.n; i++) {
		const struct fn_input *input = &fn->inputs.list[i];

		if (input->in == FN_PATH && input->name != NULL &&
		    strlen(input->name) == name.len &&
		    strncmp(input->name, name.at, name.len) == 0)
			return true;
	}
	return false;
}

/* Each :name of the path once, and as an input. */
static void
check_params(struct check *c)
{
	char name[DESCRIPTOR_PATH_MAX + 1];
	int n = 0;

	for (const char *p = c->path; *p != '\0'; p++) {
		struct span param;

		if (p[0] != '/' || p[1] != ':')
			continue;
		param = (struct span){p + 2, strcspn(p + 2, "/")};
		snprintf(name, sizeof(name), "%.*s", (int)param.len, param.at);
		if (!has_path_input(c->fn, param))
			problem(c, "route",
			    ":%s has no input with .in = FN_PATH", name);
		if (url_param(c->path, name) != n)
			problem(c, "route", ":%s stands twice", name);
		n++;
	}
	if (n > URL_PARAMS_MAX)
		problem(c, "route", "\"%s\" has over %d :names", c->path,
		    URL_PARAMS_MAX);
}

static void
check_route(struct check *c)
{
	const char *route = c->fn->route, *why;
	enum http_method method;
	size_t len;

	if (route == NULL) {
		problem(c, "route", "is missing: \"GET /path\"");
		return;
	}
	len = strcspn(route, " ");
	if (!http_method_find((struct span){route, len}, &method))
		problem(c, "route",
		    "\"%s\" does not begin with GET, POST, PUT, PATCH or"
		    " DELETE and a blank",
		    route);
	if (route[len] == '\0')
		return;
	why = descriptor_path_problem(route + len + 1);
	if (why != NULL) {
		problem(c, "route", "\"%s\" %s", route + len + 1, why);
		return;
	}
	c->path = route + len + 1;
	check_params(c);
}

/* ---- inputs ---- */

/* What is said of a text as the value of an input; NULL for nothing.  It lives
 * until the next call. */
static const char *
try_value(const struct fn_input *input, const char *text)
{
	static struct arena *arena;
	struct value value;

	if (arena == NULL)
		arena = arena_new(TRY_BYTES);
	arena_reset(arena);
	return value_from_text(
	    input, arena, (struct span){text, strlen(text)}, &value);
}

static bool
choices_are_good(const char *choices)
{
	struct fn_words rest = {choices};
	struct span word;
	size_t len = 0;
	int n = 0;

	while (fn_next_word(&rest, &word)) {
		if (value_choice(choices, word) != n++)
			return false;
		len += word.len + 1;
	}
	return n > 0 && len == strlen(choices) + 1;
}

static void
check_default(struct check *c, const struct fn_input *input, const char *field)
{
	const char *why;

	if (input->required || input->in == FN_PATH)
		problem(c, field, "is required and has a default, or_else");
	if (input->items_max > 0)
		problem(c, field, "is a list, and those have no default");
	if (input->type == FN_JSON) {
		problem(c, field, "is FN_JSON, and has a default, or_else");
		return;
	}
	why = try_value(input, input->or_else);
	if (why != NULL)
		problem(c, field, "or_else \"%s\" %s", input->or_else, why);
}

static void
check_list(struct check *c, const struct fn_input *input, const char *field)
{
	if (input->items_max < 0 || input->items_max > INPUT_FIELDS_MAX)
		problem(c, field, "items_max is not 0 to %d", INPUT_FIELDS_MAX);
	if (input->items_max == 0) {
		if (input->unique)
			problem(c, field, "unique is for lists: items_max");
		return;
	}
	if (input->in != FN_BODY && input->in != FN_QUERY)
		problem(c, field, "is a list in the %s",
		    descriptor_places[input->in]);
	if (input->type == FN_JSON)
		problem(c, field, "is a list of FN_JSON: that has lists");
}

static void
check_bounds(struct check *c, const struct fn_input *input, const char *field)
{
	enum fn_measure measure = descriptor_types[input->type].measure;

	if (input->max < input->min)
		problem(c, field, "max %" PRId64 " is below min %" PRId64,
		    input->max, input->min);
	if (measure == FN_MEASURE_NONE && (input->min != 0 || input->max != 0))
		problem(c, field, "min and max are not for this type");
	if (measure == FN_MEASURE_CHARACTERS || measure == FN_MEASURE_BYTES) {
		if (input->min < 0)
			problem(
			    c, field, "min %" PRId64 " is below 0", input->min);
		if (input->max > VALUE_LENGTH_MAX)
			problem(c, field, "max is above %d", VALUE_LENGTH_MAX);
		if (input->max == 0)
			problem(c, field, "has no max: the most %s it may have",
			    measure == FN_MEASURE_BYTES ? "bytes"
			                                : "characters");
	}
	if (input->type != FN_INT && input->clamp)
		problem(c, field, "clamp is for FN_INT");
	if (input->type != FN_DECIMAL && input->scale != 0)
		problem(c, field, "scale is for FN_DECIMAL");
	if (input->scale < 0 || input->scale > DECIMAL_SCALE_MAX)
		problem(c, field, "scale %d is not 0 to %d", input->scale,
		    DECIMAL_SCALE_MAX);
}

/* .choices and .pattern, for their types and no other. */
static void
check_words(struct check *c, const struct fn_input *input, const char *field)
{
	char why[128];

	if ((input->type == FN_CHOICE) != (input->choices != NULL))
		problem(c, field,
		    input->choices != NULL ? "choices are for FN_CHOICE"
		                           : "has no choices: \"red green\"");
	else if (input->choices != NULL && !choices_are_good(input->choices))
		problem(c, field,
		    "choices are words with one blank between, each once");
	if (input->pattern == NULL) {
		if (input->message != NULL)
			problem(c, field, "message is for a pattern");
		return;
	}
	if (input->type != FN_LINE || input->max > PATTERN_TEXT_MAX)
		problem(c, field, "pattern is for FN_LINE of at most %d",
		    PATTERN_TEXT_MAX);
	if (!value_pattern_is_good(input->pattern, why, sizeof(why)))
		problem(c, field, "pattern \"%s\": %s", input->pattern, why);
}

static void
check_place(struct check *c, const struct fn_input *input, const char *field)
{
	const char *why;

	if (input->in == FN_PATH && url_param(c->path, input->name) < 0)
		problem(c, field, "is FN_PATH, and \"%s\" has no :%s", c->path,
		    input->name);
	if (input->in == FN_COOKIE && !http_is_token(input->name))
		problem(c, field, "is no name of a cookie: RFC 6265, 4.1.1");
	if (input->in == FN_HEADER) {
		why = descriptor_header_problem(input->name);
		if (why != NULL)
			problem(c, field, "%s", why);
	}
	if (input->nullable && (input->in != FN_BODY || input->or_else != NULL))
		problem(
		    c, field, "nullable is for FN_BODY, and without a default");
	if (input->type == FN_JSON &&
	    (input->in != FN_BODY ||
	        (input_body_kinds(c->fn) & FN_BODY_JSON) == 0))
		problem(c, field, "is FN_JSON, which only a JSON body has");
	if (input->in == FN_BODY && (c->fn->body & FN_BODY_RAW) != 0)
		problem(c, field, "is FN_BODY, and the body is FN_BODY_RAW");
	if (strlen(input->name) > INPUT_NAME_MAX ||
	    strpbrk(input->name, "\"\\\r\n") != NULL)
		problem(c, field,
		    "a name has at most %d characters, none of"
		    " them a quote or backslash",
		    INPUT_NAME_MAX);
}

static void
check_input(struct check *c, int i)
{
	const struct fn_input *input = &c->fn->inputs.list[i];
	char field[PROBLEM_BYTES / 2];
	int before;

	snprintf(field, sizeof(field), "inputs[%d]", i);
	if (input->name == NULL || *input->name == '\0') {
		problem(c, field, "has no name");
		return;
	}
	snprintf(field, sizeof(field), "input \"%s\"", input->name);
	for (int k = 0; k < i; k++)
		if (c->fn->inputs.list[k].name != NULL &&
		    c->fn->inputs.list[k].in == input->in &&
		    strcmp(c->fn->inputs.list[k].name, input->name) == 0)
			problem(c, field, "stands twice");
	if (input->in < FN_PATH || input->in >= FN_PLACES) {
		problem(c, field,
		    "has no .in: FN_PATH, FN_QUERY, FN_BODY,"
		    " FN_HEADER or FN_COOKIE");
		return;
	}
	if (input->type < FN_LINE || input->type >= FN_TYPES) {
		problem(c, field, "has no .type: FN_LINE, FN_INT, ...");
		return;
	}
	before = c->problems;
	check_place(c, input, field);
	check_list(c, input, field);
	check_bounds(c, input, field);
	check_words(c, input, field);
	/* What is wrong otherwise cannot read a default. */
	if (input->or_else != NULL && c->problems == before)
		check_default(c, input, field);
}

static void
check_inputs(struct check *c)
{
	unsigned kinds = input_body_kinds(c->fn);
	bool body = false;
	int headers = 0;

	for (int i = 0; i < c->fn->inputs.n; i++) {
		check_input(c, i);
		headers += c->fn->inputs.list[i].in == FN_HEADER;
		body = body || c->fn->inputs.list[i].in == FN_BODY;
	}
	if (headers >= DESCRIPTOR_HEADERS_MAX) /* one more may be cookies */
		problem(c, "inputs", "%d or more are FN_HEADER",
		    DESCRIPTOR_HEADERS_MAX);
	if (c->fn->body_root != NULL && !body)
		problem(c, "body_root", "\"%s\", and no input is FN_BODY",
		    c->fn->body_root);
	if (c->fn->body_root != NULL && (kinds & ~(unsigned)FN_BODY_JSON) != 0)
		problem(c, "body_root", "is for a body that is only JSON");
	if ((kinds & FN_BODY_RAW) != 0 && kinds != FN_BODY_RAW)
		problem(c, "body", "FN_BODY_RAW goes with no other");
	if (kinds > (FN_BODY_JSON | FN_BODY_FORM | FN_BODY_RAW))
		problem(c, "body", "is no sum of FN_BODY_JSON and so on");
	if (c->fn->body_type != NULL && kinds != FN_BODY_RAW)
		problem(c, "body_type", "is for FN_BODY_RAW");
	if (kinds != 0 && c->fn->route != NULL &&
	    strncmp(c->fn->route, "GET ", 4) == 0)
		problem(
		    c, "route", "a GET has no body, and inputs are FN_BODY");
}

/* ---- the rest ---- */

static void
check_statements(struct check *c)
{
	const struct db_statement *const *list = c->fn->statements;
	const char *why;
	int n = 0;

	for (; list != NULL && list[n] != NULL; n++) {
		why = db_statement_problem(list[n]->sql);
		if (why != NULL)
			problem(c, list[n]->name, "%s", why);
	}
	if (n > FN_OWN_STATEMENTS_MAX)
		problem(c, "statements", "there are over %d",
		    FN_OWN_STATEMENTS_MAX);
	if (n == 0 && c->fn->atomic)
		problem(c, "atomic", "there is no statement");
}

/* What concerns Idempotency-Key and If-Match. */
static void
check_repeats(struct check *c)
{
	const struct fn *fn = c->fn;
	bool post = fn->route != NULL && strncmp(fn->route, "POST ", 5) == 0;
	bool get = fn->route != NULL && strncmp(fn->route, "GET ", 4) == 0;

	if (fn->repeatable && !post)
		problem(c, "repeatable", "is for POST");
	if (fn->replay != NULL && (!post || fn->statements == NULL))
		problem(c, "replay", "is for POST, with statements");
	if (fn->replay != NULL && fn->repeatable)
		problem(c, "replay", "what is repeatable is not replayed");
	if (fn->if_match && get)
		problem(c, "if_match", "is not for GET");
}

static void
check_rate(struct check *c)
{
	const struct rate_class *class;
	char names[PROBLEM_BYTES / 2] = "";
	size_t len = 0;

	if (c->fn->rate == NULL || rate_class_find(c->fn->rate) != NULL)
		return;
	for (int i = 0; (class = rate_class_at(i)) != NULL; i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len,
		    "%s%s", i > 0 ? ", " : "", class->name);
	problem(c, "rate", "\"%s\" is none of %s", c->fn->rate, names);
}

static void
check_settings(struct check *c)
{
	struct fn_words rest = {c->fn->settings};
	char name[PROBLEM_BYTES / 2];
	struct span word;
	const char *why;
	int n = 0;

	while (fn_next_word(&rest, &word)) {
		snprintf(name, sizeof(name), "%.*s", (int)word.len, word.at);
		why = setting_own_problem(name);
		if (why != NULL)
			problem(c, "settings", "\"%s\" %s", name, why);
		n++;
	}
	if (n > SETTING_OWN_MAX)
		problem(c, "settings", "there are over %d", SETTING_OWN_MAX);
}

static void
check_replies(struct check *c)
{
	char field[32];

	for (int i = 0; i < c->fn->replies.n; i++) {
		const struct fn_reply *reply = &c->fn->replies.list[i];

		snprintf(field, sizeof(field), "replies[%d]", i);
		if (*http_reason(reply->status) == '\0')
			problem(c, field, "%d is no status of http.h",
			    (int)reply->status);
		if (reply->about == NULL)
			problem(c, field, "has no about: when it is given");
		if (reply->shape != NULL && !fn_shape(reply->shape, NULL, NULL))
			problem(c, field,
			    "shape \"%s\" is not made of {name: word}, [word]"
			    " and words, each name once",
			    reply->shape);
	}
}

static void
check_limits(struct check *c)
{
	struct fn_limits full = fn_limits(c->fn);
	int64_t value, inputs = input_body_bytes(c->fn), need;
	bool in_range = true;

	for (size_t i = 0; i < DESCRIPTOR_LIMITS; i++) {
		const struct descriptor_limit *limit = &descriptor_limits[i];

		value = descriptor_limit_get(&full, limit);
		if (value >= limit->min && value <= limit->max)
			continue;
		problem(c, limit->name,
		    "%" PRId64 " is not %" PRId64 " to %" PRId64 " %s", value,
		    limit->min, limit->max, limit->unit);
		in_range = false;
	}
	if (!in_range)
		return;
	value = c->fn->limits.body_max_bytes;
	if ((input_body_kinds(c->fn) & FN_BODY_RAW) == 0 && value != 0 &&
	    input_body_kinds(c->fn) != 0 && value < inputs)
		problem(c, "body_max_bytes",
		    "%" PRId64 ", but its inputs may take %" PRId64, value,
		    inputs);
	need = OVERHEAD_MIB + (BODY_COPIES * full.body_max_bytes +
	                          REPLY_COPIES * full.reply_max_bytes) /
	                          (1024 * 1024);
	if (full.memory_max_mib < need)
		problem(c, "memory_max_mib",
		    "%" PRId64 ", but body_max_bytes and reply_max_bytes may"
		    " take %" PRId64,
		    full.memory_max_mib, need);
}

int
fn_check(const struct fn_entry *entry,
    void (*say)(void *context, const char *problem), void *context)
{
	const char *slash = strrchr(entry->file, '/');
	struct check c = {.entry = entry,
	    .fn = entry->fn,
	    .path = "",
	    .file = slash != NULL ? slash + 1 : entry->file,
	    .say = say,
	    .context = context};
	char name[DESCRIPTOR_NAME_MAX + 1];
	const char *why;

	fn_name(entry, name);
	why = descriptor_name_problem(name);
	if (why != NULL || strlen(entry->symbol) > DESCRIPTOR_NAME_MAX)
		problem(&c, "FN_DESCRIPTOR", "the name \"%s\" %s", name,
		    why != NULL ? why : "is too long");
	if (strlen(name) + 2 != strlen(c.file) ||
	    strncmp(name, c.file, strlen(name)) != 0)
		problem(&c, "FN_DESCRIPTOR",
		    "%s is the name of another file: %s.c", entry->symbol,
		    name);
	check_route(&c);
	if (c.fn->about == NULL || *c.fn->about == '\0')
		problem(&c, "about", "is missing: what it does, in one line");
	if (c.fn->auth < FN_PUBLIC || c.fn->auth >= FN_AUTHS)
		problem(&c, "auth",
		    "is missing: FN_PUBLIC, FN_OPTIONAL or FN_REQUIRED");
	if (c.fn->role < FN_READER || c.fn->role >= FN_ROLES)
		problem(
		    &c, "role", "is not FN_READER, FN_WRITER or FN_ACCOUNT");
	if (c.fn->handle == NULL)
		problem(&c, "handle", "is missing");
	if (c.fn->cache_tags != NULL &&
	    strpbrk(c.fn->cache_tags, "\r\n\t,") != NULL)
		problem(&c, "cache_tags", "are words with blanks between");
	check_rate(&c);
	check_inputs(&c);
	check_replies(&c);
	check_settings(&c);
	check_statements(&c);
	check_repeats(&c);
	check_limits(&c);
	return c.problems;
}
