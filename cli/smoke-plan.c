/* SPDX-License-Identifier: MIT */
/* smoke-plan -- see smoke-plan.h. */
#include "smoke-plan.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buf.h"
#include "cli.h"

/* What stands in a path for an input of that type; else "smoke". */
static const struct {
	const char *type, *sample;
} samples[] = {
    {"int", "1"},
    {"decimal", "1"},
    {"bool", "true"},
    {"uuid", "00000000-0000-7000-8000-000000000000"},
    {"date", "2000-01-01"},
    {"time", "2000-01-01T00:00:00Z"},
    {"email", "smoke@example.org"},
};

static void PRINTF_LIKE(2, 3) add(struct smoke_plan *plan, const char *fmt, ...)
{
	char *variable = NULL;
	va_list ap;
	int len;

	if (plan->n == SMOKE_PLAN_VARIABLES_MAX)
		abort(); /* the table below is longer than that */
	va_start(ap, fmt);
	len = vasprintf(&variable, fmt, ap);
	va_end(ap);
	if (len < 0)
		exit(cli_fail(CLI_FAILED, NULL, "out of memory"));
	plan->variables[plan->n++] = variable;
}

static struct json_object *
input_of(struct json_object *printed, const char *place, const char *name)
{
	struct json_object *list, *input;
	size_t n = cli_list(printed, "inputs", &list);

	for (size_t i = 0; i < n; i++) {
		input = json_object_array_get_idx(list, i);
		if (strcmp(cli_text(input, "in"), place) == 0 &&
		    strcmp(cli_text(input, "name"), name) == 0)
			return input;
	}
	return NULL;
}

static const char *
sample_of(struct json_object *input)
{
	struct json_object *choices;
	const char *type = cli_text(input, "type");

	if (*cli_text(input, "example") != '\0' &&
	    strpbrk(cli_text(input, "example"), "/?#% ") == NULL)
		return cli_text(input, "example");
	if (cli_list(input, "choices", &choices) > 0)
		return json_object_get_string(
		    json_object_array_get_idx(choices, 0));
	for (size_t i = 0; i < LENGTH(samples); i++)
		if (strcmp(samples[i].type, type) == 0)
			return samples[i].sample;
	return "smoke";
}

/* The path with samples for its parameters. */
static void
fill_path(char to[SMOKE_PLAN_TARGET_MAX], const char *path,
    struct json_object *printed)
{
	struct buf b = buf_new(SMOKE_PLAN_TARGET_MAX - 1);
	char name[DESCRIPTOR_PATH_MAX + 1];
	size_t len;

	while (*path != '\0') {
		if (*path != ':') {
			buf_add(&b, path++, 1);
			continue;
		}
		len = strcspn(++path, "/");
		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		buf_text(&b, sample_of(input_of(printed, "path", name)));
		path += len;
	}
	snprintf(to, SMOKE_PLAN_TARGET_MAX, "%s",
	    b.data != NULL && !b.failed ? b.data : "/");
	buf_free(&b);
}

/* Whether an input beside the path has to be there. */
static bool
requires_input(struct json_object *printed)
{
	struct json_object *list, *input, *required;
	size_t n = cli_list(printed, "inputs", &list);

	for (size_t i = 0; i < n; i++) {
		input = json_object_array_get_idx(list, i);
		if (strcmp(cli_text(input, "in"), "path") != 0 &&
		    json_object_object_get_ex(input, "required", &required) &&
		    json_object_get_boolean(required))
			return true;
	}
	return false;
}

static bool
takes_body(struct json_object *printed, const char *kind)
{
	struct json_object *list;
	size_t n = cli_list(printed, "body", &list);

	for (size_t i = 0; i < n; i++)
		if (strcmp(json_object_get_string(
		               json_object_array_get_idx(list, i)),
		        kind) == 0)
			return true;
	return false;
}

/*
 * What makes the request one that is refused; the first that applies.  A guard
 * may write, so where there is one nothing that comes behind it will do.
 */
static const char *
choose_fault(const struct descriptor *d, struct json_object *printed,
    const char **method, const char **type, const char **body)
{
	struct json_object *guard;
	bool guarded = json_object_object_get_ex(printed, "guard", &guard) &&
	               json_object_get_boolean(guard);
	bool typed = takes_body(printed, "json") ||
	             takes_body(printed, "form") ||
	             *cli_text(printed, "body_type") != '\0';

	if (takes_body(printed, "json"))
		*type = "application/json", *body = "{}";
	else if (takes_body(printed, "form"))
		*type = "application/x-www-form-urlencoded";
	else if (typed)
		*type = cli_text(printed, "body_type");
	if (d->auth == FN_REQUIRED)
		return "without a token";
	if (requires_input(printed) && (!guarded || d->method == HTTP_GET))
		return "without its inputs";
	if (d->method == HTTP_GET)
		return NULL;
	if (typed) {
		*type = "application/x-smoke";
		*body = "-";
		return "of another content type";
	}
	*method = "GET";
	return "by GET";
}

void
smoke_plan_make(struct smoke_plan *plan, const struct descriptor *d,
    struct json_object *printed)
{
	const char *method = http_methods[d->method], *type = NULL;
	char target[SMOKE_PLAN_TARGET_MAX];

	*plan = (struct smoke_plan){.body = ""};
	plan->lacks = choose_fault(d, printed, &method, &type, &plan->body);
	plan->refused = plan->lacks != NULL;
	fill_path(target, d->path, printed);
	add(plan, "REQUEST_METHOD=%s", method);
	add(plan, "REQUEST_URI=%s", target);
	add(plan, "QUERY_STRING=");
	if (type != NULL)
		add(plan, "CONTENT_TYPE=%s", type);
	add(plan, "CONTENT_LENGTH=%zu", strlen(plan->body));
	add(plan, "GATEWAY_INTERFACE=CGI/1.1");
	add(plan, "SERVER_PROTOCOL=HTTP/1.1");
	add(plan, "SERVER_NAME=localhost");
	add(plan, "SERVER_PORT=80");
	add(plan, "REQUEST_SCHEME=http");
	add(plan, "REMOTE_ADDR=127.0.0.1");
	add(plan, "HTTP_HOST=localhost");
	add(plan, "HTTP_ACCEPT=*/*");
	add(plan, "HTTP_USER_AGENT=mayfly-smoke");
	add(plan, "HTTP_X_REQUEST_ID=mayfly-smoke");
	plan->variables[plan->n] = NULL;
}

void
smoke_plan_free(struct smoke_plan *plan)
{
	for (int i = 0; i < plan->n; i++)
		free(plan->variables[i]);
	plan->n = 0;
}

/* A header line: "Name: value".  Returns where its value begins, or NULL. */
static const char *
value_in_line(const char *line, const char *end)
{
	const char *at = line;

	while (at<end && * at> ' ' && *at < 0x7f && *at != ':')
		at++;
	if (at == line || at == end || *at != ':')
		return NULL;
	for (at++; at < end && (*at == ' ' || *at == '\t'); at++)
		;
	return at;
}

static bool
is_header(const char *line, const char *name)
{
	size_t len = strlen(name);

	return strncasecmp(line, name, len) == 0 && line[len] == ':';
}

static int
three_digits(const char *at, const char *end)
{
	int n = 0;

	for (int i = 0; i < 3; i++, at++) {
		if (at >= end || *at < '0' || *at > '9')
			return 0;
		n = n * 10 + (*at - '0');
	}
	return n >= 100 && n <= 599 && (at == end || *at == ' ') ? n : 0;
}

int
smoke_plan_status(struct span answer)
{
	const char *at = answer.at, *stop = answer.at + answer.len, *end,
	           *value;
	int status = 0, other = 0;

	while (at < stop) {
		end = memchr(at, '\n', (size_t)(stop - at));
		if (end == NULL)
			return 0;
		value = end > at && end[-1] == '\r' ? end - 1 : end;
		if (value == at) /* the empty line */
			return status != 0 ? status : other;
		if (value_in_line(at, value) == NULL)
			return 0;
		if (is_header(at, "Status")) {
			status = three_digits(value_in_line(at, value), value);
			if (status == 0)
				return 0;
		}
		other = is_header(at, "Location") ? 302
		        : other == 0              ? 200
		                                  : other;
		at = end + 1;
	}
	return 0;
}

bool
smoke_plan_accepts(const struct smoke_plan *plan, int status)
{
	return status >= (plan->refused ? 400 : 200) && status < 500;
}
