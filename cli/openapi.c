/* SPDX-License-Identifier: MIT */
/*
 * mayfly openapi -- the OpenAPI 3.1 document of some functions on standard
 * output.  See openapi.h.
 */
#include "openapi.h"

#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "routes.h"
#include "schema.h"
#include "tree.h"

enum {
	PROBLEM_BYTES = 400,
	PATH_BYTES = 2 * DESCRIPTOR_PATH_MAX + 1, /* each ':' becomes two */
	NAME_BYTES = DESCRIPTOR_NAME_MAX + 16,
};

struct request {
	const char *folders;
	struct openapi_info info;
};

/* ---- names ---- */

/* "article-get" to articleGet, or ArticleGet. */
static void
camel_case(const char *name, bool large, char to[NAME_BYTES])
{
	for (; *name != '\0'; name++) {
		if (*name == '-') {
			large = true;
			continue;
		}
		*to = *name;
		if (large && *name >= 'a' && *name <= 'z')
			*to = (char)(*name - 'a' + 'A');
		to++;
		large = false;
	}
	*to = '\0';
}

void
openapi_method(enum http_method method, char to[OPENAPI_METHOD_BYTES])
{
	const char *from = http_methods[method];

	for (; *from != '\0'; from++)
		*to++ = (char)(*from - 'A' + 'a');
	*to = '\0';
}

/* "/api/articles/:slug" to "/api/articles/{slug}". */
static void
template_path(const char *path, char to[PATH_BYTES])
{
	size_t len;

	while (*path != '\0') {
		if (*path != ':') {
			*to++ = *path++;
			continue;
		}
		path++;
		len = strcspn(path, "/");
		*to++ = '{';
		memcpy(to, path, len);
		to += len;
		*to++ = '}';
		path += len;
	}
	*to = '\0';
}

/* What groups operations: of "/api/articles/:slug" it is "articles"; of what is
 * not below /api/ it is "other". */
static void
tag_of(const char *path, char to[PATH_BYTES])
{
	static const char below[] = "/api/";

	if (strncmp(path, below, strlen(below)) != 0 ||
	    path[strlen(below)] == ':') {
		snprintf(to, PATH_BYTES, "other");
		return;
	}
	path += strlen(below);
	snprintf(to, PATH_BYTES, "%.*s", (int)strcspn(path, "/"), path);
}

/* Of "user" and "users" the second, where both are groups. */
static void
tag_for(const char *path, struct descriptor **list, int n, char to[PATH_BYTES])
{
	char plural[PATH_BYTES + 1], other[PATH_BYTES];

	tag_of(path, to);
	snprintf(plural, sizeof(plural), "%ss", to);
	for (int i = 0; i < n; i++) {
		tag_of(list[i]->path, other);
		if (strcmp(other, plural) == 0) {
			memcpy(to, other, PATH_BYTES);
			return;
		}
	}
}

/* ---- an operation ---- */

static void
add_security(struct json_object *operation, enum fn_auth auth)
{
	struct json_object *list = tree_add_list(operation, "security");

	if (auth == FN_PUBLIC)
		return;
	if (auth == FN_OPTIONAL)
		tree_add_object(list, NULL);
	tree_add_list(tree_add_object(list, NULL), "token");
	tree_add_list(tree_add_object(list, NULL), "bearer");
}

static void
add_parameters(struct json_object *operation, struct json_object *printed)
{
	struct json_object *list = tree_list(), *parameter, *schema, *input;
	const char *name, *in, *about;

	for (size_t i = 0; i < tree_count(printed, "inputs"); i++) {
		input = tree_item(printed, "inputs", i);
		name = tree_get_text(input, "name");
		in = tree_get_text(input, "in");
		if (name == NULL || in == NULL ||
		    strcmp(in, descriptor_places[FN_BODY]) == 0)
			continue;
		parameter = tree_add_object(list, NULL);
		tree_add_text(parameter, "name", name);
		tree_add_text(parameter, "in", in);
		schema = schema_of_input(input);
		about = tree_get_text(schema, "description");
		tree_add_text(parameter, "description", about);
		json_object_object_del(schema, "description");
		if (tree_get_bool(input, "required"))
			tree_add_bool(parameter, "required", true);
		tree_add(parameter, "schema", schema);
	}
	if (json_object_array_length(list) > 0)
		tree_add(operation, "parameters", list);
	else
		json_object_put(list);
}

/* Bytes of any type, or of one. */
static void
add_raw(struct json_object *content, struct json_object *printed)
{
	const char *type = tree_get_text(printed, "body_type");

	tree_add_object(
	    content, type != NULL ? type : "application/octet-stream");
}

/* The schema of the inputs of a body, under the function's name; NULL when
 * another has it. */
static struct json_object *
named_body(const struct descriptor *d, struct json_object *printed,
    struct json_object *schemas)
{
	const char *root_name = tree_get_text(printed, "body_root");
	struct json_object *root, *schema;
	char camel[NAME_BYTES], name[NAME_BYTES + 8];

	camel_case(d->name, true, camel);
	snprintf(name, sizeof(name), "%sInput", camel);
	schema = schema_named(schemas, name, schema_of_body(printed));
	if (root_name == NULL || schema == NULL)
		return schema;
	root = tree_object();
	tree_add_text(root, "type", "object");
	tree_add(tree_add_object(root, "properties"), root_name, schema);
	tree_add_text(tree_add_list(root, "required"), NULL, root_name);
	return root;
}

static bool
add_body(struct json_object *operation, const struct descriptor *d,
    struct json_object *printed, struct json_object *schemas,
    const char **problem)
{
	size_t n = tree_count(printed, "body");
	struct json_object *body, *content, *schema;
	char about[PROBLEM_BYTES];
	const char *kind;

	if (n == 0)
		return true;
	body = tree_add_object(operation, "requestBody");
	snprintf(about, sizeof(about), "At most %lld bytes.",
	    (long long)d->limits.body_max_bytes);
	tree_add_text(body, "description", about);
	tree_add_bool(body, "required", true);
	content = tree_add_object(body, "content");
	for (size_t i = 0; i < n; i++) {
		kind = json_object_get_string(tree_item(printed, "body", i));
		if (kind != NULL && strcmp(kind, "raw") == 0) {
			add_raw(content, printed);
			continue;
		}
		schema = named_body(d, printed, schemas);
		if (schema == NULL) {
			*problem = "has a name that a shape has, with Input";
			return false;
		}
		tree_add(tree_add_object(
		             content, kind != NULL && strcmp(kind, "form") == 0
		                          ? "application/x-www-form-urlencoded"
		                          : "application/json"),
		    "schema", schema);
	}
	return true;
}

static bool
add_operation(struct json_object *paths, const struct descriptor *d,
    struct json_object *printed, const char *tag,
    struct json_object *components, const char **problem)
{
	struct json_object *path, *operation, *replies;
	char name[NAME_BYTES], where[PATH_BYTES];
	char method[OPENAPI_METHOD_BYTES];

	template_path(d->path, where);
	path = tree_get_object(paths, where);
	if (path == NULL)
		path = tree_add_object(paths, where);
	openapi_method(d->method, method);
	if (tree_get(path, method) != NULL) {
		*problem = "has the route of another function";
		return false;
	}
	operation = tree_add_object(path, method);
	tree_add_text(tree_add_list(operation, "tags"), NULL, tag);
	camel_case(d->name, false, name);
	tree_add_text(operation, "operationId", name);
	tree_add_text(operation, "summary", tree_get_text(printed, "about"));
	add_security(operation, d->auth);
	add_parameters(operation, printed);
	if (!add_body(operation, d, printed,
	        tree_get_object(components, "schemas"), problem))
		return false;
	replies = openapi_replies(d, printed, components, problem);
	if (replies == NULL)
		return false;
	tree_add(operation, "responses", replies);
	return true;
}

/* ---- the document ---- */

static void
add_head(struct json_object *root, const struct openapi_info *info_of)
{
	struct json_object *info;

	tree_add_text(root, "openapi", "3.1.1");
	info = tree_add_object(root, "info");
	tree_add_text(info, "title", info_of->title);
	tree_add_text(info, "version", info_of->version);
	tree_add_text(tree_add_object(tree_add_list(root, "servers"), NULL),
	    "url", info_of->server);
}

static void
add_schemes(struct json_object *components)
{
	struct json_object *schemes =
	    tree_add_object(components, "securitySchemes");
	struct json_object *scheme = tree_add_object(schemes, "bearer");

	tree_add_text(scheme, "type", "http");
	tree_add_text(scheme, "scheme", "bearer");
	tree_add_text(scheme, "description", "Authorization: Bearer TOKEN");
	scheme = tree_add_object(schemes, "token");
	tree_add_text(scheme, "type", "apiKey");
	tree_add_text(scheme, "in", "header");
	tree_add_text(scheme, "name", "Authorization");
	tree_add_text(scheme, "description", "Authorization: Token TOKEN");
}

/* Replace a member by the same with its members in order. */
static void
sort_member(struct json_object *object, const char *key)
{
	tree_add(
	    object, key, tree_sorted(json_object_get(tree_get(object, key))));
}

/* Each group once, in order: a set whose keys are the names. */
static void
add_tags(struct json_object *root, struct json_object *set)
{
	struct json_object *list = tree_add_list(root, "tags");

	set = tree_sorted(set);
	json_object_object_foreach(set, tag, value)
	{
		(void)value;
		tree_add_text(tree_add_object(list, NULL), "name", tag);
	}
	json_object_put(set);
}

static int
add_function(struct json_object *paths, struct json_object *components,
    const struct descriptor *d, struct json_object *printed, const char *tag)
{
	const char *problem;

	if (add_operation(paths, d, printed, tag, components, &problem))
		return CLI_OK;
	return cli_fail(CLI_CONFLICT, NULL, "%s %s", d->program, problem);
}

/* What one of the descriptors printed. */
static struct json_object *
printed_of(const struct openapi_part *parts, int n, const struct descriptor *d)
{
	for (int i = 0; i < n; i++)
		if (parts[i].descriptor == d)
			return parts[i].printed;
	abort(); /* each is of a part */
}

/* The order of paths and of the methods of each. */
static int
by_route(const void *a, const void *b)
{
	const struct descriptor *const *x = a, *const *y = b;
	int order = strcmp((*x)->path, (*y)->path);

	return order != 0 ? order : (int)(*x)->method - (int)(*y)->method;
}

int
openapi_make(const struct openapi_info *info, const struct openapi_part *parts,
    int n, struct json_object **document)
{
	struct json_object *root = tree_object(), *paths, *components;
	struct json_object *tags = tree_object();
	struct descriptor **list = cli_alloc(((size_t)n + 1) * sizeof(*list));
	char tag[PATH_BYTES];
	int code = CLI_OK;

	for (int i = 0; i < n; i++)
		list[i] = parts[i].descriptor;
	add_head(root, info);
	tree_add(root, "tags", tree_list()); /* keeps its place */
	paths = tree_add_object(root, "paths");
	components = tree_add_object(root, "components");
	tree_add_object(components, "schemas");
	openapi_add_common(components);
	add_schemes(components);
	qsort(list, (size_t)n, sizeof(struct descriptor *), by_route);
	for (int i = 0; i < n && code == CLI_OK; i++) {
		tag_for(list[i]->path, list, n, tag);
		tree_add_bool(tags, tag, true);
		code = add_function(paths, components, list[i],
		    printed_of(parts, n, list[i]), tag);
	}
	free(list);
	add_tags(root, tags);
	sort_member(components, "schemas");
	*document = root;
	if (code != CLI_OK) {
		json_object_put(root);
		*document = NULL;
	}
	return code;
}

/* ---- the command line ---- */

static int
take_request(
    const struct command *command, int argc, char *argv[], struct request *r)
{
	static const struct option options[] = {
	    {"api-version", required_argument, NULL, 'v'},
	    {"server", required_argument, NULL, 's'},
	    {"title", required_argument, NULL, 't'},
	    {NULL, 0, NULL, 0},
	};
	int o;

	opterr = 0;
	for (;;) {
		o = getopt_long(argc, argv, "", options, NULL);
		if (o < 0)
			break;
		if (o == 'v')
			r->info.version = optarg;
		else if (o == 's')
			r->info.server = optarg;
		else if (o == 't')
			r->info.title = optarg;
		else
			return cli_bad_option(command, argv);
	}
	r->folders = cli_functions(optind < argc ? argv[optind] : NULL);
	if (r->folders == NULL || argc - optind > 1)
		return cli_fail(CLI_USAGE,
		    "name folders, separated by ':', or set MAYFLY_FUNCTIONS",
		    "it is not clear which functions are meant");
	return CLI_OK;
}

/* A part of an API would silently lack routes. */
static bool incomplete;

static void
complain_of_part(const char *program, const char *problem)
{
	fprintf(stderr, "mayfly: %s: %s\n", program, problem);
	incomplete = true;
}

/* All that they printed is asked for once more. */
static int
print_and_make(const struct openapi_info *info, struct descriptor **list, int n,
    struct json_object **document)
{
	struct descriptor_source *sources =
	    cli_alloc(((size_t)n + 1) * sizeof(*sources));
	struct openapi_part *parts =
	    cli_alloc(((size_t)n + 1) * sizeof(*parts));
	struct routes routes;
	int code;

	code = routes_make(&routes, list, n);
	routes_free(&routes);
	for (int i = 0; i < n; i++)
		sources[i].program = list[i]->program;
	if (!descriptor_print_all(sources, n))
		exit(cli_fail(CLI_FAILED, NULL, "out of memory"));
	for (int i = 0; i < n; i++) {
		parts[i] = (struct openapi_part){list[i], sources[i].printed};
		if (sources[i].printed == NULL && code == CLI_OK)
			code = cli_fail(CLI_CONFLICT, NULL, "%s %s",
			    sources[i].program, sources[i].problem);
	}
	if (code == CLI_OK)
		code = openapi_make(info, parts, n, document);
	for (int i = 0; i < n; i++)
		json_object_put(sources[i].printed);
	free(parts);
	free(sources);
	return code;
}

int
openapi_document(const struct command *command, int argc, char *argv[],
    struct json_object **document)
{
	struct request r = {
	    .info = {
	        .title = "API", .version = PACKAGE_VERSION, .server = "/"}};
	struct descriptor **list;
	int code, n;

	*document = NULL;
	code = take_request(command, argc, argv, &r);
	if (code != CLI_OK)
		return code;
	n = descriptor_list(r.folders, &list, complain_of_part);
	if (n < 0)
		return cli_fail(CLI_NOT_FOUND, "check the folders", "%s: %s",
		    r.folders, strerror(errno));
	if (incomplete)
		code = cli_fail(CLI_FAILED, "mend or remove them",
		    "not every executable is a function");
	else
		code = print_and_make(&r.info, list, n, document);
	descriptor_list_free(list, n);
	return code;
}

static int
openapi(int argc, char *argv[])
{
	struct json_object *document;
	const char *text;
	int code;

	code = openapi_document(&command_openapi, argc, argv, &document);
	if (code != CLI_OK)
		return code;
	text = json_object_to_json_string_ext(
	    document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
	if (text != NULL)
		puts(text);
	else
		code = cli_fail(CLI_FAILED, NULL, "memory is out");
	json_object_put(document);
	return code;
}

const struct command command_openapi = {
    .name = "openapi",
    .usage = "[OPTION]... [FOLDERS]",
    .about = "Print the OpenAPI document of the functions.",
    .help = OPENAPI_OPTIONS,
    .run = openapi,
};
