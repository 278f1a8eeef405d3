/* SPDX-License-Identifier: MIT */
/* fn -- see fn.h.  From variables and a body to the bytes of a response. */
#include "fn.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "arena.h"
#include "descriptor.h"
#include "gateway.h"
#include "input.h"
#include "json_in.h"
#include "log.h"
#include "req_private.h"
#include "setting.h"
#include "stamp.h"
#include "token.h"
#include "uuid.h"

enum {
	MIB = 1024 * 1024,
	/* Beyond the body and the reply: decoded copies of the inputs. */
	ARENA_MAX_BYTES = 16 * MIB,
	REQUEST_ID_MIN = 8, /* characters; nginx checks the same */
	REQUEST_ID_MAX = 128,
	/* Of the deadline, for the database; the rest is for the reply that
	 * says what was slow. */
	DATABASE_PERCENT = 90,
};

/* What one process keeps between requests. */
struct server {
	const struct fn *fn;
	struct fn_limits limits;
	struct arena *arena;
	struct reply reply;
	struct req req;
	struct req_private private;
	char user_id[24];
};

struct fn_limits
fn_limits(const struct fn *fn)
{
	struct fn_limits l = fn->limits;

	if (l.body_max_bytes == 0)
		l.body_max_bytes = 1 * MIB;
	if (l.reply_max_bytes == 0)
		l.reply_max_bytes = 6 * MIB;
	if (l.deadline_ms == 0)
		l.deadline_ms = 3000;
	if (l.max_requests == 0)
		l.max_requests = 10000;
	if (l.memory_max_mib == 0)
		l.memory_max_mib = 128;
	return l;
}

static bool
is_request_id(const char *s)
{
	size_t len;

	if (s == NULL)
		return false;
	len = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                "0123456789._-");
	return s[len] == '\0' && len >= REQUEST_ID_MIN && len <= REQUEST_ID_MAX;
}

static const char *
request_id(struct arena *arena, const struct gateway_request *request)
{
	char fresh[UUID_TEXT_BYTES];
	const char *given;

	given = gateway_variable(request, "HTTP_X_REQUEST_ID");
	if (is_request_id(given))
		return given;
	uuid_new(fresh);
	return arena_copy(arena, fresh, strlen(fresh));
}

/* GET functions answer HEAD too; from a shell the method may be left out. */
static enum http_status
check_method(struct server *s, const struct gateway_request *request)
{
	const char *method, *route = s->fn->route;
	size_t len = strcspn(route, " ");

	method = gateway_variable(request, "REQUEST_METHOD");
	if (method == NULL ||
	    (strlen(method) == len && strncmp(method, route, len) == 0))
		return HTTP_OK;
	if (strcmp(method, "HEAD") == 0 && strncmp(route, "GET ", 4) == 0)
		return HTTP_OK;
	reply_header(&s->reply, "Allow",
	    strncmp(route, "GET ", 4) == 0 ? "GET, HEAD"
	                                   : arena_copy(s->arena, route, len));
	return reply_error(&s->reply, HTTP_METHOD_NOT_ALLOWED, "method",
	    "is not allowed here");
}

static enum http_status
check_body(struct server *s, const struct gateway_request *request)
{
	static const char json[] = "application/json";
	const char *type;

	switch (request->state) {
	case GATEWAY_WHOLE:
		break;
	case GATEWAY_VARIABLES_TOO_LARGE:
		return reply_error(&s->reply, HTTP_HEADERS_TOO_LARGE, "headers",
		    "are too large");
	case GATEWAY_BODY_TOO_LARGE:
		return reply_error(&s->reply, HTTP_CONTENT_TOO_LARGE, "body",
		    arena_format(s->arena,
		        "is too large (maximum is %lld bytes)",
		        (long long)s->limits.body_max_bytes));
	case GATEWAY_BODY_MISMATCH:
		return reply_error(&s->reply, HTTP_BAD_REQUEST, "body",
		    "is not as long as Content-Length says");
	}
	type = gateway_variable(request, "CONTENT_TYPE");
	if (s->fn->body_root == NULL || type == NULL || *type == '\0')
		return HTTP_OK;
	if (strncasecmp(type, json, sizeof(json) - 1) == 0 &&
	    strchr("; \t", type[sizeof(json) - 1]) != NULL)
		return HTTP_OK;
	return reply_error(&s->reply, HTTP_UNSUPPORTED_MEDIA_TYPE,
	    "content-type", "must be application/json");
}

/* The token behind "Token " or "Bearer "; another scheme is none. */
static const char *
find_token(const struct gateway_request *request)
{
	/* Apache hides the first from CGI; a rewrite rule passes the second. */
	static const char *const names[] = {
	    "HTTP_AUTHORIZATION", "REDIRECT_HTTP_AUTHORIZATION"};
	static const char *const schemes[] = {"Token ", "Bearer "};
	const char *value;

	for (size_t i = 0; i < LENGTH(names); i++) {
		value = gateway_variable(request, names[i]);
		for (size_t j = 0; value != NULL && j < LENGTH(schemes); j++) {
			size_t len = strlen(schemes[j]);

			if (strncasecmp(value, schemes[j], len) == 0)
				return value + len + strspn(value + len, " ");
		}
	}
	return NULL;
}

static enum http_status
refuse_token(struct server *s, const char *message)
{
	return reply_error(&s->reply, HTTP_UNAUTHORIZED, "token", message);
}

static enum http_status
check_token(struct server *s, const struct gateway_request *request)
{
	const char *token, *secret;
	int64_t id;

	if (s->fn->auth == FN_PUBLIC)
		return HTTP_OK;
	token = find_token(request);
	if (token == NULL || *token == '\0')
		return s->fn->auth == FN_REQUIRED
		           ? refuse_token(s, "is missing")
		           : HTTP_OK;
	secret = setting_text(SETTING_TOKEN_SECRET);
	if (secret == NULL) {
		log_error("MAYFLY_TOKEN_SECRET is not set");
		return reply_error(&s->reply, HTTP_INTERNAL_SERVER_ERROR,
		    "server", "is not configured");
	}
	switch (
	    token_verify(secret, token, strlen(token), stamp_unix_s(), &id)) {
	case TOKEN_OK:
		break;
	case TOKEN_EXPIRED:
		return refuse_token(s, "has expired");
	case TOKEN_INVALID:
		return refuse_token(s, "is invalid");
	}
	snprintf(s->user_id, sizeof(s->user_id), "%lld", (long long)id);
	s->req.user_id = s->user_id;
	s->req.token = token;
	return HTTP_OK;
}

/* The object that holds the FN_BODY inputs; *root is put by the caller. */
static enum http_status
parse_body(struct server *s, const struct gateway_request *request,
    struct json_object **root, struct json_object **object)
{
	enum json_in_status st;

	*root = *object = NULL;
	if (s->fn->body_root == NULL)
		return HTTP_OK;
	st = json_in_parse(request->body, request->body_len, root);
	if (st != JSON_IN_OK)
		return reply_error(
		    &s->reply, HTTP_BAD_REQUEST, "body", json_in_message(st));
	if (!json_object_is_type(*root, json_type_object))
		return reply_error(&s->reply, HTTP_UNPROCESSABLE_CONTENT,
		    "body", "must be an object");
	if (!json_object_object_get_ex(*root, s->fn->body_root, object))
		return reply_error(&s->reply, HTTP_UNPROCESSABLE_CONTENT,
		    s->fn->body_root, "can't be blank");
	if (!json_object_is_type(*object, json_type_object))
		return reply_error(&s->reply, HTTP_UNPROCESSABLE_CONTENT,
		    s->fn->body_root, "must be an object");
	return HTTP_OK;
}

/* "/a/b" out of "/a/b?c". */
static struct span
path_of(const char *uri)
{
	return (struct span){uri, strcspn(uri, "?#")};
}

/*
 * The parameters of the path.  nginx passes the request's path as it came;
 * under Apache's cgi-bin/NAME/slug the rest of the path stands in PATH_INFO.
 */
static enum http_status
find_params(struct server *s, const struct gateway_request *request,
    struct input_source *source)
{
	const char *pattern, *params, *text;

	pattern = strchr(s->fn->route, ' ') + 1;
	params = strstr(pattern, "/:");
	if (params == NULL)
		return HTTP_OK;
	text = gateway_variable(request, "REQUEST_URI");
	if (text != NULL &&
	    url_match(pattern, path_of(text), source->params) >= 0)
		return HTTP_OK;
	source->params_decoded = true;
	text = gateway_variable(request, "PATH_INFO");
	if (text != NULL && url_match(params, (struct span){text, strlen(text)},
	                        source->params) >= 0)
		return HTTP_OK;
	return reply_error(&s->reply, HTTP_NOT_FOUND, "path", "not found");
}

static enum http_status
handle(struct server *s, const struct gateway_request *request,
    struct json_object *body)
{
	struct input_source source = {.body = body};
	enum http_status status;

	source.query = gateway_variable(request, "QUERY_STRING");
	if (source.query == NULL)
		source.query = "";
	status = find_params(s, request, &source);
	if (status != HTTP_OK)
		return status;
	s->private.values = arena_alloc(s->arena,
	    (size_t)(s->private.nvalues + 1) * sizeof(struct input_value));
	status =
	    input_read(s->fn, &source, s->arena, &s->reply, s->private.values);
	if (status != HTTP_OK)
		return status;
	return s->fn->handle(&s->req, &s->reply);
}

/* Every step may refuse; the order is fixed (fn.h). */
static enum http_status
decide(struct server *s, const struct gateway_request *request)
{
	struct json_object *root = NULL, *object = NULL;
	enum http_status status;

	status = check_method(s, request);
	if (status == HTTP_OK)
		status = check_body(s, request);
	if (status == HTTP_OK)
		status = check_token(s, request);
	if (status == HTTP_OK)
		status = parse_body(s, request, &root, &object);
	if (status == HTTP_OK)
		status = handle(s, request, object);
	json_object_put(root);
	return status;
}

static void
write_errors(struct reply *reply)
{
	out_reset(&reply->out);
	out_begin(&reply->out, NULL);
	out_begin(&reply->out, "errors");
	for (int i = 0; i < reply->nerrors; i++) {
		out_list(&reply->out, reply->errors[i].name);
		out_text(&reply->out, NULL, reply->errors[i].value);
		out_end(&reply->out);
	}
	out_end(&reply->out);
	out_end(&reply->out);
}

static void
write_header(struct buf *b, const char *name, const char *value)
{
	buf_text(b, name);
	buf_text(b, ": ");
	buf_text(b, value);
	buf_text(b, "\r\n");
}

static void
write_headers(struct server *s, struct buf *b, enum http_status status)
{
	const struct reply *reply = &s->reply;
	bool public;

	buf_format(b, "Status: %d %s\r\n", (int)status, http_reason(status));
	if (status != HTTP_NO_CONTENT)
		buf_format(b,
		    "Content-Type: application/json; charset=utf-8\r\n"
		    "Content-Length: %zu\r\n",
		    reply->out.buf.len);
	public = status == HTTP_OK && s->req.user_id == NULL &&
	         strncmp(s->fn->route, "GET ", 4) == 0;
	write_header(b, "Cache-Control", public ? "no-cache" : "no-store");
	if (status == HTTP_UNAUTHORIZED) /* RFC 9110, 15.5.2: each has one */
		write_header(b, "WWW-Authenticate", "Token");
	if (public && s->fn->cache_tags != NULL)
		write_header(b, "Cache-Tag", s->fn->cache_tags);
	for (int i = 0; i < reply->nheaders; i++)
		write_header(
		    b, reply->headers[i].name, reply->headers[i].value);
	write_header(b, "X-Request-Id", s->req.id);
	buf_text(b, "\r\n");
}

/* RFC 3875, section 4.3.3: the headers of GET, and nothing after them. */
static bool
is_head(const struct gateway_request *request)
{
	const char *method = gateway_variable(request, "REQUEST_METHOD");

	return method != NULL && strcmp(method, "HEAD") == 0;
}

/* struct gateway's answer(). */
static void
answer(
    void *context, const struct gateway_request *request, struct buf *response)
{
	struct server *s = context;
	enum http_status status;

	s->req.id = request_id(s->arena, request);
	log_request(s->req.id);
	db_begin(s->req.db, request->begun_ns + INT64_C(1000000) *
	                                            s->limits.deadline_ms /
	                                            100 * DATABASE_PERCENT);
	status = decide(s, request);
	if (s->reply.out.buf.failed) {
		log_error("the reply is larger than %lld bytes",
		    (long long)s->limits.reply_max_bytes);
		s->reply.nerrors = 0;
		status = reply_error(
		    &s->reply, HTTP_INTERNAL_SERVER_ERROR, "server", "failed");
	}
	if (s->reply.nerrors > 0)
		write_errors(&s->reply);
	if (s->reply.out.depth != 0)
		abort(); /* a handler left something open */
	write_headers(s, response, status);
	if (status != HTTP_NO_CONTENT && !is_head(request))
		buf_add(response, s->reply.out.buf.data, s->reply.out.buf.len);

	out_reset(&s->reply.out);
	s->reply.nheaders = s->reply.nerrors = 0;
	s->req.user_id = s->req.token = NULL;
	db_reset(s->req.db);
	log_request(NULL);
	arena_reset(s->arena);
}

static enum log_level
log_level(void)
{
	const char *text = setting_text(SETTING_LOG_LEVEL);

	if (strcmp(text, "debug") == 0)
		return LOG_DEBUG;
	if (strcmp(text, "warn") == 0)
		return LOG_WARN;
	if (strcmp(text, "error") == 0)
		return LOG_ERROR;
	return LOG_INFO;
}

static int
serve(const struct fn *fn)
{
	struct server s = {.fn = fn, .limits = fn_limits(fn)};
	struct gateway gateway = {
	    .body_max_bytes = s.limits.body_max_bytes,
	    .max_requests = s.limits.max_requests,
	    .deadline_ms = s.limits.deadline_ms,
	    .answer = answer,
	    .context = &s,
	};
	struct buf response;
	char problem[512];
	int code;

	log_open(fn->name, LOG_INFO);
	if (!setting_load(problem, sizeof(problem))) {
		log_error("%s", problem);
		return EXIT_USAGE;
	}
	log_open(fn->name, log_level());
	/* libpq looks for ~/.pgpass, which without HOME asks NSS. */
	if (setenv("HOME", "/", 0) != 0)
		return EXIT_SYSTEM;
	response = buf_new((size_t)s.limits.reply_max_bytes + 64 * 1024);
	s.arena = arena_new(ARENA_MAX_BYTES);
	s.reply.arena = s.req.arena = s.arena;
	s.reply.out = out_new((size_t)s.limits.reply_max_bytes);
	s.private = (struct req_private){.fn = fn, .nvalues = input_count(fn)};
	s.req.private = &s.private;
	s.req.db = db_new(setting_text(SETTING_DATABASE_URL));
	gateway.response = &response;
	code = gateway_is_fastcgi() ? gateway_fastcgi(&gateway)
	                            : gateway_cgi(&gateway, environ);
	db_free(s.req.db);
	buf_free(&s.reply.out.buf);
	buf_free(&response);
	arena_free(s.arena);
	return code;
}

static int
describe(const struct fn *fn)
{
	struct out o;
	bool written;

	o = out_new(MIB);
	descriptor_write(&o, fn);
	written = !o.buf.failed && puts(o.buf.data) >= 0 && fflush(stdout) == 0;
	buf_free(&o.buf);
	return written ? EXIT_OK : EXIT_SYSTEM;
}

static int
help(const struct fn *fn, FILE *to, int code)
{
	static const char *const places[] = {
	    [FN_PATH] = "path", [FN_QUERY] = "query", [FN_BODY] = "body"};

	fprintf(to, "%s -- %s\n\n    %s\n", fn->name, fn->about, fn->route);
	for (int i = 0; i < input_count(fn); i++)
		fprintf(to, "    %-12s %-6s %s%s\n", fn->inputs[i].name,
		    places[fn->inputs[i].in], fn->inputs[i].about,
		    fn->inputs[i].required ? "" : " (optional)");
	fprintf(to,
	    "\nServes FastCGI when descriptor 0 is a listening socket, and "
	    "one\n"
	    "CGI request otherwise:\n\n"
	    "    REQUEST_METHOD=%.*s cgi-bin/%s <body.json\n\n"
	    "--describe prints the descriptor as JSON.\n",
	    (int)strcspn(fn->route, " "), fn->route, fn->name);
	return code;
}

int
fn_main(int argc, char *argv[], const struct fn *fn)
{
	if (argc == 2 && strcmp(argv[1], "--describe") == 0)
		return describe(fn);
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return help(fn, stdout, EXIT_OK);
	if (argc > 1)
		return help(fn, stderr, EXIT_USAGE);
	if (getenv("REQUEST_METHOD") == NULL && isatty(STDIN_FILENO))
		return help(fn, stderr, EXIT_USAGE);
	return serve(fn);
}
