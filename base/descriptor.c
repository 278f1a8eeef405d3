/* SPDX-License-Identifier: MIT */
/*
 * descriptor -- see descriptor.h.
 *
 * Whatever an executable prints is taken for hostile: the JSON and every value
 * in it are checked before anything is believed, because names become file
 * names and paths become nginx configuration.
 */
#include "descriptor.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_statement.h"
#include "describe.h"
#include "json_in.h"
#include "setting.h"

enum {
	LINE_MAX_NUMBER = 1000000, /* of a file of statements */
	ARGUMENTS_MAX = 65535,     /* PostgreSQL's: 16 bits in Bind */
};

static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
static const char name_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
static const char segment_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "abcdefghijklmnopqrstuvwxyz"
                                    "0123456789._-";

const char *const descriptor_auths[FN_AUTHS] = {
    [FN_PUBLIC] = "public",
    [FN_OPTIONAL] = "optional",
    [FN_REQUIRED] = "required",
};

const char *const descriptor_roles[FN_ROLES] = {
    [FN_READER] = "reader",
    [FN_WRITER] = "writer",
    [FN_ACCOUNT] = "account",
};

const char *const descriptor_places[FN_PLACES] = {
    [FN_PATH] = "path",
    [FN_QUERY] = "query",
    [FN_BODY] = "body",
    [FN_HEADER] = "header",
    [FN_COOKIE] = "cookie",
};

const struct descriptor_type descriptor_types[FN_TYPES] = {
    [FN_LINE] = {"line", FN_MEASURE_CHARACTERS},
    [FN_TEXT] = {"text", FN_MEASURE_CHARACTERS},
    [FN_NAME] = {"name", FN_MEASURE_CHARACTERS},
    [FN_EMAIL] = {"email", FN_MEASURE_CHARACTERS},
    [FN_SECRET] = {"secret", FN_MEASURE_BYTES},
    [FN_URL] = {"url", FN_MEASURE_BYTES},
    [FN_INT] = {"int", FN_MEASURE_VALUE},
    [FN_DECIMAL] = {"decimal", FN_MEASURE_VALUE},
    [FN_BOOL] = {"bool", FN_MEASURE_NONE},
    [FN_CHOICE] = {"choice", FN_MEASURE_NONE},
    [FN_DATE] = {"date", FN_MEASURE_NONE},
    [FN_TIME] = {"time", FN_MEASURE_NONE},
    [FN_UUID] = {"uuid", FN_MEASURE_NONE},
    [FN_JSON] = {"json", FN_MEASURE_BYTES},
};

#define LIMIT(member) #member, offsetof(struct fn_limits, member)
const struct descriptor_limit descriptor_limits[DESCRIPTOR_LIMITS] = {
    {LIMIT(body_max_bytes), 1 << 20, 1, 1 << 30, "bytes"},
    {LIMIT(reply_max_bytes), 6 << 20, 1, 1 << 30, "bytes"},
    {LIMIT(deadline_ms), 3000, 1, 900000, "milliseconds"},
    {LIMIT(query_ms), 2500, 1, 900000, "milliseconds"},
    {LIMIT(queries), 32, 1, 10000, "queries"},
    {LIMIT(max_instances), 0, FN_ONE_PER_CORE, 1024, "processes"},
    {LIMIT(idle_ms), 0, 0, 86400000, "milliseconds"},
    {LIMIT(max_requests), 10000, 1, 1000000000, "requests"},
    {LIMIT(memory_max_mib), 128, 1, 1 << 20, "MiB"},
};
#undef LIMIT

int64_t
descriptor_limit_get(
    const struct fn_limits *from, const struct descriptor_limit *limit)
{
	int64_t value;

	memcpy(&value, (const char *)from + limit->offset, sizeof(value));
	return value;
}

void
descriptor_limit_set(
    struct fn_limits *to, const struct descriptor_limit *limit, int64_t value)
{
	memcpy((char *)to + limit->offset, &value, sizeof(value));
}

const char *
descriptor_name_problem(const char *name)
{
	size_t len = strlen(name);

	if (len > 0 && len <= DESCRIPTOR_NAME_MAX &&
	    strchr(lower, name[0]) != NULL && strspn(name, name_chars) == len)
		return NULL;
	return "is not [a-z][a-z0-9-]{0,47}";
}

/* "name" or ":name" up to the next '/' or the end; NULL when it is neither. */
static const char *
skip_segment(const char *s)
{
	const char *from;

	if (*s == ':') {
		s++;
		if (*s == '\0' || strchr(lower, *s) == NULL)
			return NULL;
	}
	from = s;
	s += strspn(s, segment_chars);
	if (s == from || (*s != '\0' && *s != '/'))
		return NULL;
	if (s - from <= 2 && strspn(from, ".") >= (size_t)(s - from))
		return NULL; /* "." and "..": nginx resolves them */
	return s;
}

const char *
descriptor_path_problem(const char *path)
{
	const char *s = path;

	if (strlen(path) > DESCRIPTOR_PATH_MAX)
		return "has over 200 characters";
	if (strcmp(path, "/") == 0)
		return NULL;
	for (int n = 0; n < DESCRIPTOR_SEGMENTS_MAX; n++) {
		s = *s == '/' ? skip_segment(s + 1) : NULL;
		if (s == NULL)
			return "is not made of /word and /:name";
		if (*s == '\0')
			return NULL;
	}
	return "has over 32 segments";
}

const char *
descriptor_header_problem(const char *name)
{
	/* What the gateway says with them is checked elsewhere, or, of Proxy,
	 * must reach nobody (CVE-2016-5385). */
	static const char *const kept[] = {
	    "connection", "content-length", "cookie", "proxy"};
	size_t len = strlen(name);

	if (len == 0 || len > DESCRIPTOR_HEADER_MAX ||
	    strspn(name, name_chars) != len)
		return "is not [a-z0-9-]{1,64}, the name of a header";
	for (size_t i = 0; i < LENGTH(kept); i++)
		if (strcmp(name, kept[i]) == 0)
			return "is a header that the gateway keeps for itself";
	return NULL;
}

/* ---- checking what it printed ---- */

/* Copy a member that must be text. */
static bool
take_text(struct json_object *from, const char *key, char **to,
    const struct describe_problem *why)
{
	struct json_object *value;

	if (!json_object_object_get_ex(from, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return describe_bad(why, "its %s is not a text", key);
	*to = strdup(json_object_get_string(value));
	return *to != NULL || describe_bad(why, "memory is out");
}

static bool
take_limits(struct json_object *root, struct fn_limits *to,
    const struct describe_problem *why)
{
	struct json_object *from, *value;
	int64_t number;

	if (!json_object_object_get_ex(root, "limits", &from) ||
	    !json_object_is_type(from, json_type_object))
		return describe_bad(why, "its limits are not an object");
	for (size_t i = 0; i < DESCRIPTOR_LIMITS; i++) {
		const struct descriptor_limit *limit = &descriptor_limits[i];

		if (!json_object_object_get_ex(from, limit->name, &value) ||
		    !json_object_is_type(value, json_type_int))
			return describe_bad(
			    why, "its %s is not an integer", limit->name);
		number = json_object_get_int64(value);
		if (number < limit->min || number > limit->max)
			return describe_bad(why, "its %s is not %lld to %lld",
			    limit->name, (long long)limit->min,
			    (long long)limit->max);
		descriptor_limit_set(to, limit, number);
	}
	return true;
}

/* Copy a member that must be a number from 0 to max. */
static bool
take_number(struct json_object *from, const char *key, int max, int *to,
    const struct describe_problem *why)
{
	struct json_object *value;
	int64_t number;

	if (!json_object_object_get_ex(from, key, &value) ||
	    !json_object_is_type(value, json_type_int))
		return describe_bad(why, "its %s is not an integer", key);
	number = json_object_get_int64(value);
	if (number < 0 || number > max)
		return describe_bad(why, "its %s is not 0 to %d", key, max);
	*to = (int)number;
	return true;
}

static bool
take_statement(struct json_object *from, struct descriptor_statement *to,
    const struct describe_problem *why)
{
	char prepared[DB_STATEMENT_PREPARED_MAX];
	const char *wrong;
	size_t len;

	if (!json_object_is_type(from, json_type_object))
		return describe_bad(why, "a statement is not an object");
	if (!take_text(from, "name", &to->name, why) ||
	    !take_text(from, "prepared", &to->prepared, why) ||
	    !take_text(from, "sql", &to->sql, why) ||
	    !take_number(from, "line", LINE_MAX_NUMBER, &to->line, why) ||
	    !take_number(from, "arguments", ARGUMENTS_MAX, &to->arguments, why))
		return false;
	len = strlen(to->name);
	if (len == 0 || len > DB_STATEMENT_NAME_MAX ||
	    strspn(to->name, segment_chars) != len)
		return describe_bad(why, "the name of a statement is not"
		                         " [A-Za-z0-9._-]{1,46}");
	wrong = db_statement_problem(to->sql);
	if (wrong != NULL)
		return describe_bad(why, "statement %s %s", to->name, wrong);
	db_statement_prepared(to->name, to->sql, prepared);
	if (strcmp(prepared, to->prepared) != 0)
		return describe_bad(why, "statement %s is not prepared as %s",
		    to->name, prepared);
	return true;
}

static bool
take_statements(struct json_object *root, struct descriptor *d,
    const struct describe_problem *why)
{
	struct json_object *list;
	size_t n;

	if (!json_object_object_get_ex(root, "statements", &list) ||
	    !json_object_is_type(list, json_type_array))
		return describe_bad(why, "its statements are not a list");
	n = json_object_array_length(list);
	if (n > DESCRIPTOR_STATEMENTS_MAX)
		return describe_bad(why, "it has over %d statements",
		    DESCRIPTOR_STATEMENTS_MAX);
	if (n == 0)
		return true;
	d->statements = calloc(n, sizeof(*d->statements));
	if (d->statements == NULL)
		return describe_bad(why, "memory is out");
	d->nstatements = (int)n;
	for (size_t i = 0; i < n; i++) {
		d->statements[i].role = d->role;
		if (!take_statement(json_object_array_get_idx(list, i),
		        &d->statements[i], why))
			return false;
	}
	return true;
}

/* Add a copy to a list of at most max, unless it is there. */
static bool
add_name(char **list, int *n, int max, const char *name,
    const struct describe_problem *why)
{
	for (int i = 0; i < *n; i++)
		if (strcmp(list[i], name) == 0)
			return true;
	if (*n == max)
		return describe_bad(
		    why, "it has over %d of what %s is", max, name);
	list[*n] = strdup(name);
	if (list[*n] == NULL)
		return describe_bad(why, "memory is out");
	(*n)++;
	return true;
}

/* Of an input only what nginx has to pass. */
static bool
take_input(struct json_object *from, struct descriptor *d,
    const struct describe_problem *why)
{
	char *name = NULL, *in = NULL;
	bool good = true;

	if (!json_object_is_type(from, json_type_object))
		return describe_bad(why, "an input is not an object");
	good = take_text(from, "in", &in, why) &&
	       take_text(from, "name", &name, why);
	if (good && strcmp(in, descriptor_places[FN_COOKIE]) == 0) {
		good = add_name(d->headers, &d->nheaders,
		    DESCRIPTOR_HEADERS_MAX, "cookie", why);
	} else if (good && strcmp(in, descriptor_places[FN_HEADER]) == 0) {
		if (descriptor_header_problem(name) != NULL)
			good = describe_bad(why, "the name of an input %s",
			    descriptor_header_problem(name));
		else
			good = add_name(d->headers, &d->nheaders,
			    DESCRIPTOR_HEADERS_MAX, name, why);
	}
	free(name);
	free(in);
	return good;
}

static bool
take_inputs(struct json_object *root, struct descriptor *d,
    const struct describe_problem *why)
{
	struct json_object *list;
	size_t n;

	if (!json_object_object_get_ex(root, "inputs", &list) ||
	    !json_object_is_type(list, json_type_array))
		return describe_bad(why, "its inputs are not a list");
	n = json_object_array_length(list);
	if (n == 0)
		return true;
	d->headers = calloc(DESCRIPTOR_HEADERS_MAX, sizeof(*d->headers));
	if (d->headers == NULL)
		return describe_bad(why, "memory is out");
	for (size_t i = 0; i < n; i++)
		if (!take_input(json_object_array_get_idx(list, i), d, why))
			return false;
	return true;
}

static bool
take_settings(struct json_object *root, struct descriptor *d,
    const struct describe_problem *why)
{
	struct json_object *list, *name;
	size_t n;

	if (!json_object_object_get_ex(root, "settings", &list) ||
	    !json_object_is_type(list, json_type_array))
		return describe_bad(why, "its settings are not a list");
	n = json_object_array_length(list);
	if (n == 0)
		return true;
	if (n > SETTING_OWN_MAX)
		return describe_bad(
		    why, "it has over %d settings", SETTING_OWN_MAX);
	d->settings = calloc(n, sizeof(*d->settings));
	if (d->settings == NULL)
		return describe_bad(why, "memory is out");
	for (size_t i = 0; i < n; i++) {
		name = json_object_array_get_idx(list, i);
		if (!json_object_is_type(name, json_type_string) ||
		    setting_own_problem(json_object_get_string(name)) != NULL)
			return describe_bad(why, "a setting has no good name");
		if (!add_name(d->settings, &d->nsettings, SETTING_OWN_MAX,
		        json_object_get_string(name), why))
			return false;
	}
	return true;
}

static bool
take_auth(struct json_object *root, enum fn_auth *to,
    const struct describe_problem *why)
{
	struct json_object *value;
	const char *text = "";

	if (json_object_object_get_ex(root, "auth", &value) &&
	    json_object_is_type(value, json_type_string))
		text = json_object_get_string(value);
	for (int i = 1; i < FN_AUTHS; i++) {
		if (strcmp(text, descriptor_auths[i]) == 0) {
			*to = (enum fn_auth)i;
			return true;
		}
	}
	return describe_bad(
	    why, "its auth is not public, optional or required");
}

/* Absent and null are the first class. */
static bool
take_rate(struct json_object *root, const struct rate_class **to,
    const struct describe_problem *why)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(root, "rate", &value);
	if (value != NULL && !json_object_is_type(value, json_type_string))
		return describe_bad(why, "its rate is not a text");
	*to = rate_class_find(
	    value != NULL ? json_object_get_string(value) : NULL);
	return *to != NULL ||
	       describe_bad(why, "its rate is no class of rate limits");
}

static bool
take_role(struct json_object *root, enum fn_role *to,
    const struct describe_problem *why)
{
	struct json_object *value;
	const char *text = "";

	if (json_object_object_get_ex(root, "role", &value) &&
	    json_object_is_type(value, json_type_string))
		text = json_object_get_string(value);
	for (int i = 0; i < FN_ROLES; i++) {
		if (strcmp(text, descriptor_roles[i]) == 0) {
			*to = (enum fn_role)i;
			return true;
		}
	}
	return describe_bad(why, "its role is not reader, writer or account");
}

static bool
take_method(struct json_object *root, enum http_method *to,
    const struct describe_problem *why)
{
	struct json_object *value;

	if (json_object_object_get_ex(root, "method", &value) &&
	    json_object_is_type(value, json_type_string) &&
	    http_method_find((struct span){json_object_get_string(value),
	                         (size_t)json_object_get_string_len(value)},
	        to))
		return true;
	return describe_bad(
	    why, "its method is not GET, POST, PUT, PATCH or DELETE");
}

static bool
take_all(struct json_object *root, struct descriptor *d,
    const struct describe_problem *why)
{
	const char *slash = strrchr(d->program, '/');
	const char *file = slash != NULL ? slash + 1 : d->program;
	const char *problem;

	if (!take_text(root, "name", &d->name, why) ||
	    !take_text(root, "path", &d->path, why))
		return false;
	if (descriptor_name_problem(d->name) != NULL ||
	    strcmp(d->name, file) != 0)
		return describe_bad(why, "it names itself other than its file");
	problem = descriptor_path_problem(d->path);
	if (problem != NULL)
		return describe_bad(why, "its path %s", problem);
	return take_method(root, &d->method, why) &&
	       take_auth(root, &d->auth, why) &&
	       take_role(root, &d->role, why) &&
	       take_rate(root, &d->rate, why) &&
	       take_limits(root, &d->limits, why) &&
	       take_inputs(root, d, why) && take_settings(root, d, why) &&
	       take_statements(root, d, why);
}

/* The first of what a function says is wrong with itself, as one line. */
static void
take_problems(struct json_object *root, const struct describe_problem *why)
{
	struct json_object *list, *first;
	size_t len;

	if (!json_object_is_type(root, json_type_object) ||
	    !json_object_object_get_ex(root, "problems", &list) ||
	    !json_object_is_type(list, json_type_array) ||
	    json_object_array_length(list) == 0) {
		describe_bad(why, "--describe refused, and did not say why");
		return;
	}
	first = json_object_array_get_idx(list, 0);
	if (!json_object_is_type(first, json_type_string)) {
		describe_bad(why, "--describe refused, and did not say why");
		return;
	}
	describe_bad(why, "%s", json_object_get_string(first));
	/* For a terminal: nothing that one obeys, C1 (U+0080-9F) included. */
	for (len = 0; why->text[len] != '\0'; len++) {
		unsigned char c = (unsigned char)why->text[len];

		if (c < ' ' || c == 0x7f || c >= 0x80)
			why->text[len] = c >= 0x80 ? '?' : ' ';
	}
}

/* What --describe printed, when it says that all is well. */
static struct json_object *
take_printed(const struct describe_job *job, const struct describe_problem *why)
{
	struct json_object *root = NULL;
	enum json_in_status st;

	if (job->end == DESCRIBE_FAILED) {
		describe_bad(why, "%s", job->problem);
		return NULL;
	}
	st = json_in_parse(job->answer.data != NULL ? job->answer.data : "",
	    job->answer.len, &root);
	if (st != JSON_IN_OK)
		describe_bad(
		    why, "what --describe printed %s", json_in_message(st));
	else if (job->end == DESCRIBE_REFUSED)
		take_problems(root, why);
	else if (!json_object_is_type(root, json_type_object))
		describe_bad(why, "--describe did not print a JSON object");
	else
		return root;
	json_object_put(root);
	return NULL;
}

bool
descriptor_print_all(struct descriptor_source *list, int n)
{
	struct describe_job *jobs = calloc((size_t)n + 1, sizeof(*jobs));

	if (jobs == NULL)
		return false;
	for (int i = 0; i < n; i++)
		jobs[i].program = list[i].program;
	describe_run(jobs, n);
	for (int i = 0; i < n; i++) {
		struct describe_problem why = {
		    list[i].problem, sizeof(list[i].problem)};

		list[i].problem[0] = '\0';
		list[i].printed = take_printed(&jobs[i], &why);
		buf_free(&jobs[i].answer);
	}
	free(jobs);
	return true;
}

struct json_object *
descriptor_printed(const char *program, char *problem, size_t size)
{
	struct descriptor_source source = {.program = program};
	struct describe_problem why = {problem, size};

	if (!descriptor_print_all(&source, 1))
		describe_bad(&why, "memory is out");
	else if (source.printed == NULL)
		describe_bad(&why, "%s", source.problem);
	return source.printed;
}

struct descriptor *
descriptor_take(const char *program, struct json_object *printed, char *problem,
    size_t size)
{
	struct describe_problem why = {problem, size};
	struct descriptor *d;

	d = calloc(1, sizeof(*d));
	if (d != NULL)
		d->program = strdup(program);
	if (d == NULL || d->program == NULL) {
		describe_bad(&why, "memory is out");
	} else if (take_all(printed, d, &why)) {
		return d;
	}
	descriptor_free(d);
	return NULL;
}

struct descriptor *
descriptor_read(const char *program, char *problem, size_t size)
{
	struct json_object *printed;
	struct descriptor *d = NULL;

	printed = descriptor_printed(program, problem, size);
	if (printed != NULL)
		d = descriptor_take(program, printed, problem, size);
	json_object_put(printed);
	return d;
}

void
descriptor_drop_statements(struct descriptor *d)
{
	for (int i = 0; i < d->nstatements; i++) {
		free(d->statements[i].name);
		free(d->statements[i].prepared);
		free(d->statements[i].sql);
	}
	free(d->statements);
	d->statements = NULL;
	d->nstatements = 0;
}

void
descriptor_free(struct descriptor *d)
{
	if (d == NULL)
		return;
	descriptor_drop_statements(d);
	for (int i = 0; i < d->nheaders; i++)
		free(d->headers[i]);
	for (int i = 0; i < d->nsettings; i++)
		free(d->settings[i]);
	free(d->headers);
	free(d->settings);
	free(d->program);
	free(d->name);
	free(d->path);
	free(d);
}
