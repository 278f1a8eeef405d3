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

#include "db_statement.h"
#include "fn_private.h"
#include "input.h"
#include "url.h"

enum {
	PROBLEM_BYTES = 400,
	/* What a process takes beside body and reply, the 25 MiB of
	 * JSON_IN_VALUES_MAX included; and how often those stand in memory at
	 * once: buffers grow by doubling, JSON and inputs have copies of their
	 * own.  Measured: a body of 2.4 MB of one text is stored in 16 MiB. */
	OVERHEAD_MIB = 40,
	BODY_COPIES = 5,
	REPLY_COPIES = 3,
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

static void
check_default(struct check *c, const struct fn_input *input, const char *field)
{
	char *end;
	long long n;

	if (input->or_else == NULL)
		return;
	if (input->required || input->in == FN_PATH)
		problem(c, field, "is required and has a default, or_else");
	if (input->type == FN_LINES)
		problem(c, field, "is a list, and those have no default");
	if (input->type != FN_INT)
		return;
	n = strtoll(input->or_else, &end, 10);
	if (*end != '\0' || n < input->min || n > input->max)
		problem(c, field,
		    "or_else \"%s\" is no number from %" PRId64 " to %" PRId64,
		    input->or_else, input->min, input->max);
}

static void
check_bounds(struct check *c, const struct fn_input *input, const char *field)
{
	if (input->max < input->min)
		problem(c, field, "max %" PRId64 " is below min %" PRId64,
		    input->max, input->min);
	if (input->type != FN_INT && input->min < 0)
		problem(c, field, "min %" PRId64 " is below 0", input->min);
	if (input->type != FN_INT && input->max == 0)
		problem(
		    c, field, "has no max: the most characters it may have");
	if (input->type != FN_INT && input->clamp)
		problem(c, field, "clamp is for FN_INT");
	if (input->type == FN_LINES && input->items_max < 1)
		problem(
		    c, field, "has no items_max: the most items it may have");
	if (input->type != FN_LINES && input->items_max != 0)
		problem(c, field, "items_max is for FN_LINES");
}

static void
check_input(struct check *c, int i)
{
	const struct fn_input *input = &c->fn->inputs.list[i];
	char field[PROBLEM_BYTES / 2];

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
	if (input->in < FN_PATH || input->in >= FN_PLACES)
		problem(c, field, "has no .in: FN_PATH, FN_QUERY or FN_BODY");
	if (input->type < FN_LINE || input->type >= FN_TYPES) {
		problem(c, field, "has no .type: FN_LINE, FN_INT, ...");
		return;
	}
	if (input->in == FN_PATH && url_param(c->path, input->name) < 0)
		problem(c, field, "is FN_PATH, and \"%s\" has no :%s", c->path,
		    input->name);
	if (input->in == FN_PATH && input->type == FN_LINES)
		problem(c, field, "is a list in the path");
	if (input->in == FN_BODY && c->fn->body_root == NULL)
		problem(c, field, "is FN_BODY, and there is no .body_root");
	check_bounds(c, input, field);
	check_default(c, input, field);
}

static void
check_inputs(struct check *c)
{
	bool body = false;

	for (int i = 0; i < c->fn->inputs.n; i++) {
		check_input(c, i);
		body = body || c->fn->inputs.list[i].in == FN_BODY;
	}
	if (c->fn->body_root != NULL && !body)
		problem(c, "body_root", "\"%s\", and no input is FN_BODY",
		    c->fn->body_root);
	if (body && c->fn->route != NULL &&
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
	if (n > DESCRIPTOR_STATEMENTS_MAX)
		problem(c, "statements", "there are over %d",
		    DESCRIPTOR_STATEMENTS_MAX);
	if (n == 0 && c->fn->atomic)
		problem(c, "atomic", "there is no statement");
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
	if (c->fn->body_root != NULL && value != 0 && value < inputs)
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
	if (c.fn->handle == NULL)
		problem(&c, "handle", "is missing");
	if (c.fn->cache_tags != NULL &&
	    strpbrk(c.fn->cache_tags, "\r\n\t,") != NULL)
		problem(&c, "cache_tags", "are words with blanks between");
	check_inputs(&c);
	check_statements(&c);
	check_limits(&c);
	return c.problems;
}
