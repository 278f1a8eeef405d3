/* SPDX-License-Identifier: MIT */
/*
 * mayfly reference -- the OpenAPI document of openapi.h as one page for people:
 * no script, no other file, nothing of another host.
 *
 * Everything in the document may be from outside, so all of it goes in by
 * html_format(); names that become links are those of components, which
 * schema.c has checked, and of operations, which follow from a function's name.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "html.h"
#include "http.h"
#include "openapi.h"
#include "reference.h"
#include "reference_style.h"
#include "sample.h"
#include "tree.h"

enum {
	PAGE_MAX_BYTES = 64 * 1024 * 1024,
	LABEL_BYTES = 256,
	MEMBERS_DEPTH_MAX = 8, /* objects in each other, in one table */
};

struct page {
	struct buf b;
	struct json_object *document;
};

/* An operation and where it stands. */
struct place {
	const char *path;
	enum http_method method;
	struct json_object *operation;
};

/* ---- going through the document ---- */

/* The next operation with this tag; false at the end.  *n is 0 at first, and
 * counts the places that have been looked at. */
static bool
next_place(
    const struct page *p, const char *tag, size_t *n, struct place *place)
{
	struct json_object *paths = tree_get_object(p->document, "paths");
	struct json_object *tags;
	char method[OPENAPI_METHOD_BYTES];
	size_t at = 0;

	json_object_object_foreach(paths, path, of_path)
	{
		for (int m = 0; m < HTTP_METHODS; m++, at++) {
			if (at < *n)
				continue;
			openapi_method((enum http_method)m, method);
			place->operation = tree_get_object(of_path, method);
			tags = tree_item(place->operation, "tags", 0);
			if (tags == NULL ||
			    strcmp(json_object_get_string(tags), tag) != 0)
				continue;
			place->path = path;
			place->method = (enum http_method)m;
			*n = at + 1;
			return true;
		}
	}
	return false;
}

static const char *
name_of_tag(const struct page *p, size_t i)
{
	return tree_get_text(tree_item(p->document, "tags", i), "name");
}

/* ---- types ---- */

static const char *
ref_name(struct json_object *schema)
{
	const char *ref = tree_get_text(schema, "$ref");

	return ref != NULL ? strrchr(ref, '/') + 1 : NULL;
}

static void
write_type(struct buf *b, struct json_object *schema)
{
	struct json_object *type = tree_get(schema, "type");
	const char *name = ref_name(schema);
	const char *format = tree_get_text(schema, "format");

	if (name != NULL) {
		html_format(b, "<a href=\"#schema-%s\">%s</a>", name, name);
		return;
	}
	if (type == NULL) {
		buf_text(b, "any");
		return;
	}
	if (tree_get(schema, "items") != NULL) {
		buf_text(b, "list of ");
		write_type(b, tree_get(schema, "items"));
		return;
	}
	if (json_object_is_type(type, json_type_string))
		html_format(b, "%s", json_object_get_string(type));
	for (size_t i = 0; i < tree_count(schema, "type"); i++)
		html_format(b, "%s%s", i > 0 ? " or " : "",
		    json_object_get_string(tree_item(schema, "type", i)));
	if (format != NULL && strcmp(format, "int64") != 0)
		html_format(b, " <span class=\"soft\">%s</span>", format);
}

/* "; 1 to 64 characters" from two keywords of which one may be missing. */
static void
write_range(struct buf *b, struct json_object *schema, const char *least,
    const char *most, const char *unit)
{
	bool has_least = tree_get(schema, least) != NULL;
	bool has_most = tree_get(schema, most) != NULL;
	long long from = tree_get_int(schema, least);
	long long to = tree_get_int(schema, most);

	if (has_least && has_most)
		html_format(b, ", %lld to %lld%s", from, to, unit);
	else if (has_least)
		html_format(b, ", at least %lld%s", from, unit);
	else if (has_most)
		html_format(b, ", at most %lld%s", to, unit);
}

/* JSON of the document as it is. */
static void
write_json(struct buf *b, struct json_object *value)
{
	html_format(b, "<code>%s</code>",
	    json_object_to_json_string_ext(value,
	        JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}

static void
write_limits(struct buf *b, struct json_object *schema)
{
	const char *pattern = tree_get_text(schema, "pattern");
	size_t n = tree_count(schema, "enum");

	write_range(b, schema, "minLength", "maxLength", " characters");
	write_range(b, schema, "minimum", "maximum", "");
	write_range(b, schema, "minItems", "maxItems", " items");
	for (size_t i = 0; i < n; i++) {
		buf_text(b, i == 0 ? ": " : i + 1 == n ? " or " : ", ");
		write_json(b, tree_item(schema, "enum", i));
	}
	if (pattern != NULL)
		html_format(b, ", as <code>%s</code>", pattern);
	if (tree_get(schema, "default") != NULL) {
		buf_text(b, ", default ");
		write_json(b, tree_get(schema, "default"));
	}
	if (tree_get(schema, "items") != NULL) {
		buf_text(b, "; each");
		write_limits(b, tree_get(schema, "items"));
	}
}

/* ---- tables ---- */

static void
begin_table(struct buf *b, const char *const *heads, size_t n)
{
	buf_text(b, "<div class=\"wide\"><table><thead><tr>");
	for (size_t i = 0; i < n; i++)
		html_format(b, "<th scope=\"col\">%s</th>", heads[i]);
	buf_text(b, "</tr></thead><tbody>\n");
}

static void
end_table(struct buf *b)
{
	buf_text(b, "</tbody></table></div>\n");
}

static void
write_input(struct buf *b, const char *name, const char *in, bool required,
    struct json_object *schema, const char *about)
{
	html_format(b, "<tr><td><code>%s</code>%s</td><td>%s</td><td>", name,
	    required ? " *" : "", in);
	write_type(b, schema);
	write_limits(b, schema);
	html_format(b, "</td><td>%s</td></tr>\n", about);
}

/* Whether the object requires this member. */
static bool
is_required(struct json_object *schema, const char *name)
{
	for (size_t i = 0; i < tree_count(schema, "required"); i++)
		if (strcmp(json_object_get_string(
		               tree_item(schema, "required", i)),
		        name) == 0)
			return true;
	return false;
}

static struct json_object *
resolved(const struct page *p, struct json_object *schema)
{
	struct json_object *components =
	    tree_get_object(p->document, "components");
	const char *name = ref_name(schema);

	return name == NULL ? schema
	                    : tree_get_object(
	                          tree_get_object(components, "schemas"), name);
}

/* A row for each value in an object; objects in it lead their names. */
static void
write_member_rows(struct page *p, struct json_object *schema,
    const char *before, const char *in, int depth)
{
	struct json_object *properties, *member;
	char name[LABEL_BYTES];

	schema = resolved(p, schema);
	properties = tree_get_object(schema, "properties");
	if (properties == NULL || depth == MEMBERS_DEPTH_MAX)
		return;
	json_object_object_foreach(properties, key, value)
	{
		member = resolved(p, value);
		snprintf(name, sizeof(name), "%s%s%s", before, key,
		    tree_get_object(member, "properties") != NULL ? "." : "");
		if (tree_get_object(member, "properties") == NULL) {
			write_input(&p->b, name, in, is_required(schema, key),
			    member, tree_get_text(member, "description"));
			continue;
		}
		write_member_rows(p, member, name, in, depth + 1);
	}
}

static struct json_object *
content_schema(struct json_object *operation, const char **type)
{
	struct json_object *content = tree_get_object(
	    tree_get_object(operation, "requestBody"), "content");

	*type = NULL;
	if (content == NULL)
		return NULL;
	json_object_object_foreach(content, key, media)
	{
		*type = key;
		return tree_get_object(media, "schema");
	}
	return NULL;
}

static void
write_input_table(struct page *p, struct json_object *operation)
{
	static const char *const heads[] = {
	    "Input, * required", "In", "Type", "What"};
	size_t n = tree_count(operation, "parameters");
	struct json_object *body, *parameter;
	const char *type;

	body = content_schema(operation, &type);
	if (n == 0 && body == NULL)
		return;
	buf_text(&p->b, "<h4>Inputs</h4>\n");
	begin_table(&p->b, heads, LENGTH(heads));
	for (size_t i = 0; i < n; i++) {
		parameter = tree_item(operation, "parameters", i);
		write_input(&p->b, tree_get_text(parameter, "name"),
		    tree_get_text(parameter, "in"),
		    tree_get_bool(parameter, "required"),
		    tree_get_object(parameter, "schema"),
		    tree_get_text(parameter, "description"));
	}
	write_member_rows(p, body, "", "body", 0);
	end_table(&p->b);
}

/* ---- an operation ---- */

/* "/api/articles/{slug}" with a sample for each name, and the query that is
 * required. */
static void
write_target(struct buf *b, const struct place *place)
{
	const char *at = place->path, *before = "?";
	struct json_object *parameter;
	struct buf name = buf_new(LABEL_BYTES);

	for (; *at != '\0'; at++) {
		if (*at == '{' || *at == '}')
			continue;
		buf_add(&name, at, 1);
	}
	html_format(b, "%s", name.data);
	buf_free(&name);
	for (size_t i = 0; i < tree_count(place->operation, "parameters");
	     i++) {
		parameter = tree_item(place->operation, "parameters", i);
		if (strcmp(tree_get_text(parameter, "in"), "query") != 0 ||
		    !tree_get_bool(parameter, "required"))
			continue;
		html_format(
		    b, "%s%s=...", before, tree_get_text(parameter, "name"));
		before = "&";
	}
}

/* A line for a shell: HOST and TOKEN are said at the top. */
static void
write_curl(struct page *p, const struct place *place)
{
	struct json_object *sample, *body;
	struct buf *b = &p->b;
	const char *type;

	buf_text(b, "<h4>Try it</h4>\n<pre tabindex=\"0\"><code>curl");
	if (place->method != HTTP_GET &&
	    tree_get(place->operation, "requestBody") == NULL)
		html_format(b, " -X %s", http_methods[place->method]);
	else if (place->method != HTTP_GET && place->method != HTTP_POST)
		html_format(b, " -X %s", http_methods[place->method]);
	buf_text(b, " \"$HOST");
	write_target(b, place);
	buf_text(b, "\"");
	if (tree_count(place->operation, "security") > 0)
		buf_text(b, " \\\n    -H \"Authorization: Token $TOKEN\"");
	body = content_schema(place->operation, &type);
	if (type != NULL)
		html_format(b, " \\\n    -H 'Content-Type: %s'", type);
	if (body != NULL && strcmp(type, "application/json") == 0) {
		sample = sample_of(p->document, body);
		html_format(b, " \\\n    -d '%s'",
		    json_object_to_json_string_ext(
		        sample, JSON_C_TO_STRING_PLAIN |
		                    JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(sample);
	}
	buf_text(b, "</code></pre>\n");
}

static struct json_object *
resolved_response(const struct page *p, struct json_object *response)
{
	const char *name = ref_name(response);

	return name == NULL ? response
	                    : tree_get_object(
	                          tree_get_object(tree_get_object(p->document,
	                                              "components"),
	                              "responses"),
	                          name);
}

static void
write_response_row(
    struct page *p, const char *status, struct json_object *response)
{
	struct json_object *content = tree_get_object(response, "content");
	struct buf *b = &p->b;

	html_format(b, "<tr><td>%s</td><td>%s</td><td>", status,
	    tree_get_text(response, "description"));
	if (content != NULL) {
		json_object_object_foreach(content, type, media)
		{
			if (strcmp(type, "application/problem+json") == 0)
				continue;
			html_format(b, "<span class=\"soft\">%s</span> ", type);
			write_type(b, tree_get_object(media, "schema"));
		}
	}
	buf_text(b, "</td></tr>\n");
}

/* What one gets when all is well. */
static void
write_example(struct page *p, struct json_object *response)
{
	struct json_object *media = tree_get_object(
	    tree_get_object(response, "content"), "application/json");
	struct json_object *sample;

	if (media == NULL)
		return;
	sample = tree_get(media, "example");
	if (sample != NULL)
		json_object_get(sample);
	else
		sample =
		    sample_of(p->document, tree_get_object(media, "schema"));
	html_format(&p->b, "<pre tabindex=\"0\"><code>%s</code></pre>\n",
	    json_object_to_json_string_ext(
	        sample, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
	                    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(sample);
}

static void
write_responses(struct page *p, struct json_object *operation)
{
	static const char *const heads[] = {"Status", "When", "Content"};
	struct json_object *responses = tree_get_object(operation, "responses");
	struct json_object *good = NULL;

	buf_text(&p->b, "<h4>Answers</h4>\n");
	begin_table(&p->b, heads, LENGTH(heads));
	json_object_object_foreach(responses, status, value)
	{
		struct json_object *response = resolved_response(p, value);

		if (good == NULL && status[0] == '2')
			good = response;
		write_response_row(p, status, response);
	}
	end_table(&p->b);
	if (good != NULL)
		write_example(p, good);
}

static const char *
who(struct json_object *operation)
{
	size_t n = tree_count(operation, "security");
	struct json_object *first = tree_item(operation, "security", 0);

	if (n == 0)
		return "For everybody.";
	return json_object_object_length(first) == 0
	           ? "For everybody; with a token, for the user it belongs to."
	           : "With a token.";
}

static void
write_operation(struct page *p, const struct place *place)
{
	html_format(&p->b,
	    "<section aria-labelledby=\"%s\">\n<h3 id=\"%s\">"
	    "<span class=\"method\">%s</span><code>%s</code></h3>\n"
	    "<p>%s <span class=\"who\">%s</span></p>\n",
	    tree_get_text(place->operation, "operationId"),
	    tree_get_text(place->operation, "operationId"),
	    http_methods[place->method], place->path,
	    tree_get_text(place->operation, "summary"), who(place->operation));
	write_input_table(p, place->operation);
	write_curl(p, place);
	write_responses(p, place->operation);
	buf_text(&p->b, "</section>\n");
}

/* ---- the page ---- */

static void
write_head(struct page *p)
{
	struct json_object *info = tree_get_object(p->document, "info");
	const char *title = tree_get_text(info, "title");
	struct buf *b = &p->b;

	html_format(b,
	    "<!doctype html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width,"
	    " initial-scale=1\">\n<title>%s: reference</title>\n"
	    "<link rel=\"icon\" href=\"logo.svg\">\n<style>\n",
	    title);
	buf_text(b, reference_style);
	buf_text(b, "</style>\n</head>\n<body>\n<div class=\"page\">\n");
}

static void
write_nav(struct page *p)
{
	struct buf *b = &p->b;
	struct place place;

	buf_text(b, "<nav aria-label=\"Contents\">\n");
	for (size_t i = 0; i < tree_count(p->document, "tags"); i++) {
		const char *tag = name_of_tag(p, i);
		size_t n = 0;

		html_format(b, "<h2>%s</h2>\n<ul>\n", tag);
		while (next_place(p, tag, &n, &place))
			html_format(b, "<li><a href=\"#%s\">%s</a></li>\n",
			    tree_get_text(place.operation, "operationId"),
			    tree_get_text(place.operation, "summary"));
		buf_text(b, "</ul>\n");
	}
	buf_text(b, "<h2>Types</h2>\n<ul>\n"
	            "<li><a href=\"#types\">All types</a></li>\n</ul>\n"
	            "</nav>\n");
}

static void
write_intro(struct page *p)
{
	struct json_object *info = tree_get_object(p->document, "info");
	const char *server =
	    tree_get_text(tree_item(p->document, "servers", 0), "url");
	bool relative = server == NULL || *server == '/';

	html_format(&p->b,
	    "<h1>%s</h1>\n<p class=\"version\">Version %s</p>\n"
	    "<p>JSON goes in and comes out. A call for a user bears the token"
	    " that registering or logging in gave:"
	    " <code>Authorization: Token ...</code>, or <code>Bearer</code>."
	    " A refusal is <code>{\"errors\":{\"title\":[\"can't be blank\"]}}"
	    "</code>, by the name of the input; with"
	    " <code>Accept: application/problem+json</code> it is RFC 9457's"
	    " form.</p>\n"
	    "<p>For programs there is <a href=\"openapi.json\">the same as"
	    " OpenAPI</a>. The lines for a shell below take two "
	    "variables:</p>\n"
	    "<pre tabindex=\"0\"><code>HOST=%s\nTOKEN=...</code></pre>\n",
	    tree_get_text(info, "title"), tree_get_text(info, "version"),
	    relative ? "http://127.0.0.1:8787" : server);
}

static void
write_operations(struct page *p)
{
	struct place place;

	for (size_t i = 0; i < tree_count(p->document, "tags"); i++) {
		const char *tag = name_of_tag(p, i);
		size_t n = 0;

		html_format(&p->b, "<h2>%s</h2>\n", tag);
		while (next_place(p, tag, &n, &place))
			write_operation(p, &place);
	}
}

static void
write_types(struct page *p)
{
	static const char *const heads[] = {"Member, * always there", "Type"};
	struct json_object *schemas = tree_get_object(
	    tree_get_object(p->document, "components"), "schemas");
	struct buf *b = &p->b;

	buf_text(b, "<h2 id=\"types\">Types</h2>\n");
	json_object_object_foreach(schemas, name, schema)
	{
		struct json_object *properties =
		    tree_get_object(schema, "properties");

		html_format(b, "<h3 id=\"schema-%s\">%s</h3>\n", name, name);
		if (tree_get_text(schema, "description") != NULL)
			html_format(b, "<p>%s</p>\n",
			    tree_get_text(schema, "description"));
		begin_table(b, heads, LENGTH(heads));
		json_object_object_foreach(properties, key, member)
		{
			html_format(b, "<tr><td><code>%s</code>%s</td><td>",
			    key, is_required(schema, key) ? " *" : "");
			write_type(b, member);
			write_limits(b, member);
			buf_text(b, "</td></tr>\n");
		}
		end_table(b);
	}
}

bool
reference_write(struct json_object *document, struct buf *to)
{
	struct page p = {.b = buf_new(PAGE_MAX_BYTES), .document = document};

	write_head(&p);
	write_nav(&p);
	buf_text(&p.b, "<main>\n");
	write_intro(&p);
	write_operations(&p);
	write_types(&p);
	buf_text(&p.b, "</main>\n</div>\n</body>\n</html>\n");
	*to = p.b;
	return !p.b.failed;
}

static int
reference(int argc, char *argv[])
{
	struct json_object *document;
	struct buf b;
	int code;

	code = openapi_document(&command_reference, argc, argv, &document);
	if (code != CLI_OK)
		return code;
	if (reference_write(document, &b))
		fwrite(b.data, 1, b.len, stdout);
	else
		code = cli_fail(CLI_FAILED, NULL, "the page is too long");
	buf_free(&b);
	json_object_put(document);
	return code;
}

const struct command command_reference = {
    .name = "reference",
    .usage = "[OPTION]... [FOLDERS]",
    .about = "Print the API of the functions as a page for people.",
    .help = OPENAPI_OPTIONS,
    .run = reference,
};
