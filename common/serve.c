/* SPDX-License-Identifier: MIT */
/* serve -- see serve.h.  The order of refusals, and what is checked of a
 * handler's outcome, are in fn.h. */
#include "serve.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "die.h"
#include "input.h"
#include "json_in.h"
#include "log.h"
#include "req_private.h"
#include "setting.h"
#include "stamp.h"
#include "token.h"
#include "url.h"
#include "uuid.h"

enum {
	/* Decoded copies of the inputs, and what a handler makes of them. */
	ARENA_BASE_BYTES = 16 * 1024 * 1024,
	ARENA_BODIES = 4,   /* beside that, bodies */
	REQUEST_ID_MIN = 8, /* characters; nginx checks the same */
	REQUEST_ID_MAX = 128,
	/* Of the deadline, for the database; the rest is for the reply that
	 * says what was slow. */
	DATABASE_PERCENT = 90,
};

struct serve {
	const struct fn *fn;
	struct fn_limits limits;
	struct arena *arena;
	struct reply reply;
	struct req req;
	struct req_private private;
	char user_id[24];
	bool dev; /* MAYFLY_DEV */
};

/* Who is asked for a last word: die.h. */
static struct serve *serving;

struct serve *
serve_new(const struct fn *fn, const struct fn_limits *limits)
{
	struct serve *s = xmalloc(sizeof(*s));
	struct db_plan plan = {
	    .conninfo = setting_text(SETTING_DATABASE_URL),
	    .statements = fn->statements,
	    .query_ms = limits->query_ms,
	    .queries = limits->queries,
	    .atomic = fn->atomic,
	};

	*s = (struct serve){.fn = fn, .limits = *limits};
	s->arena = arena_new(
	    ARENA_BASE_BYTES + ARENA_BODIES * (size_t)limits->body_max_bytes);
	plan.arena = s->reply.arena = s->req.arena = s->arena;
	s->reply.out = out_new((size_t)limits->reply_max_bytes);
	s->private = (struct req_private){.fn = fn, .db = db_new(&plan)};
	s->req.private = &s->private;
	s->dev = setting_int(SETTING_DEV) == 1;
	return s;
}

void
serve_free(struct serve *s)
{
	db_free(s->private.db);
	buf_free(&s->reply.out.buf);
	arena_free(s->arena);
	free(s);
}

/* ---- refusals before the handler ---- */

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
	if (!uuid_new(fresh))
		bug("no random bytes");
	return arena_copy(arena, fresh, strlen(fresh));
}

static bool
is_get(const struct serve *s)
{
	return strncmp(s->fn->route, "GET ", 4) == 0;
}

/* GET functions answer HEAD too; from a shell the method may be left out. */
static enum http_status
check_method(struct serve *s, const struct gateway_request *request)
{
	const char *method, *route = s->fn->route;
	size_t len = strcspn(route, " ");

	method = gateway_variable(request, "REQUEST_METHOD");
	if (method == NULL ||
	    (strlen(method) == len && strncmp(method, route, len) == 0))
		return HTTP_OK;
	if (strcmp(method, "HEAD") == 0 && is_get(s))
		return HTTP_OK;
	reply_header(&s->reply, "Allow",
	    is_get(s) ? "GET, HEAD" : arena_copy(s->arena, route, len));
	return reply_error(&s->reply, HTTP_METHOD_NOT_ALLOWED, "method",
	    "is not allowed here");
}

/* RFC 9110, 8.4: a body that is compressed is not what it seems. */
static enum http_status
check_encoding(struct serve *s, const struct gateway_request *request)
{
	const char *coding = gateway_variable(request, "HTTP_CONTENT_ENCODING");

	if (coding == NULL || *coding == '\0' ||
	    strcasecmp(coding, "identity") == 0)
		return HTTP_OK;
	return reply_error(&s->reply, HTTP_UNSUPPORTED_MEDIA_TYPE,
	    "content-encoding", "is not supported, send the body as it is");
}

static enum http_status
check_type(struct serve *s, const struct gateway_request *request)
{
	static const char json[] = "application/json";
	const char *type = gateway_variable(request, "CONTENT_TYPE");

	if (s->fn->body_root == NULL || type == NULL || *type == '\0')
		return HTTP_OK;
	if (strncasecmp(type, json, sizeof(json) - 1) == 0 &&
	    strchr("; \t", type[sizeof(json) - 1]) != NULL)
		return HTTP_OK;
	return reply_error(&s->reply, HTTP_UNSUPPORTED_MEDIA_TYPE,
	    "content-type", "must be application/json");
}

static enum http_status
check_body(struct serve *s, const struct gateway_request *request)
{
	enum http_status status = HTTP_OK;

	switch (request->state) {
	case GATEWAY_WHOLE:
		break;
	case GATEWAY_VARIABLES_TOO_LARGE:
		return reply_error(&s->reply, HTTP_HEADERS_TOO_LARGE, "headers",
		    "are too large");
	case GATEWAY_VARIABLES_MALFORMED:
		return reply_error(
		    &s->reply, HTTP_BAD_REQUEST, "headers", "are malformed");
	case GATEWAY_BODY_TOO_LARGE:
		return reply_error(&s->reply, HTTP_CONTENT_TOO_LARGE, "body",
		    arena_format(s->arena,
		        "is too large (maximum is %lld bytes)",
		        (long long)s->limits.body_max_bytes));
	case GATEWAY_BODY_MISMATCH:
		return reply_error(&s->reply, HTTP_BAD_REQUEST, "body",
		    "is not as long as Content-Length says");
	}
	if (s->fn->body_root != NULL)
		status = check_encoding(s, request);
	return status == HTTP_OK ? check_type(s, request) : status;
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
refuse_token(struct serve *s, const char *message)
{
	return reply_error(&s->reply, HTTP_UNAUTHORIZED, "token", message);
}

static enum http_status
check_token(struct serve *s, const struct gateway_request *request)
{
	const char *token, *secret;
	int64_t id;

	if (s->fn->auth == FN_PUBLIC)
		return HTTP_OK;
	token = find_token(request);
	if (token == NULL || *token == '\0')
		return s->fn->auth == FN_OPTIONAL
		           ? HTTP_OK
		           : refuse_token(s, "is missing");
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
	case TOKEN_NO_MEMORY:
		bug("no memory for a token of %zu bytes", strlen(token));
	case TOKEN_MISUSED:
		bug("MAYFLY_TOKEN_SECRET is too short");
	}
	snprintf(s->user_id, sizeof(s->user_id), "%lld", (long long)id);
	s->req.user_id = s->user_id;
	s->req.token = token;
	return HTTP_OK;
}

/* The object that holds the FN_BODY inputs; *root is put by the caller. */
static enum http_status
parse_body(struct serve *s, const struct gateway_request *request,
    struct json_object **root, struct json_object **object)
{
	enum json_in_status st;

	*root = *object = NULL;
	if (s->fn->body_root == NULL)
		return HTTP_OK;
	st = json_in_parse(request->body, request->body_len, root);
	if (st == JSON_IN_NO_MEMORY)
		bug("no memory for a body of %zu bytes: see"
		    " .limits.memory_max_mib",
		    request->body_len);
	if (st != JSON_IN_OK)
		return reply_error(&s->reply,
		    st == JSON_IN_TOO_MANY ? HTTP_CONTENT_TOO_LARGE
		                           : HTTP_BAD_REQUEST,
		    "body", json_in_message(st));
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

/*
 * The parameters of the path.  nginx passes the request's target as it came;
 * under Apache's cgi-bin/NAME/slug the rest of the path stands in PATH_INFO,
 * decoded (RFC 3875, 4.1.5).
 */
static enum http_status
find_params(struct serve *s, const struct gateway_request *request,
    struct input_source *source)
{
	const char *params, *text;
	ptrdiff_t len;
	size_t size;
	char *path;

	source->pattern = strchr(s->fn->route, ' ') + 1;
	params = strstr(source->pattern, "/:");
	if (params == NULL)
		return HTTP_OK;
	text = gateway_variable(request, "REQUEST_URI");
	size = text != NULL ? strlen(text) : 0;
	path = arena_alloc(s->arena, size + 2);
	len = size > 0 ? url_path((struct span){text, size}, path) : -1;
	if (len >= 0 &&
	    url_match(source->pattern, (struct span){path, (size_t)len},
	        source->params) >= 0)
		return HTTP_OK;
	text = gateway_variable(request, "PATH_INFO");
	if (text != NULL && url_match(params, (struct span){text, strlen(text)},
	                        source->params) >= 0)
		return HTTP_OK;
	return reply_not_found(&s->reply, "path");
}

static enum http_status
read_inputs(struct serve *s, const struct gateway_request *request,
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
	s->private.values = arena_alloc(
	    s->arena, (size_t)s->fn->inputs.n * sizeof(struct input_value));
	return input_read(
	    s->fn, &source, s->arena, &s->reply, s->private.values);
}

/* ---- the handler, and its outcome ---- */

static enum http_status
failed(struct serve *s, enum db_status why)
{
	enum http_status status = reply_failure(&s->reply, why);

	if (s->dev && db_cause(s->private.db) != NULL)
		reply_error(
		    &s->reply, status, "cause", db_cause(s->private.db));
	return status;
}

/* What a status and a reply promise each other. */
static void
check_outcome(const struct serve *s, enum http_status status)
{
	const struct out *o = &s->reply.out;

	if (*http_reason(status) == '\0')
		bug("%d is no status of http.h", (int)status);
	if (status >= HTTP_BAD_REQUEST && s->reply.nerrors == 0)
		bug("status %d without an error: return reply_error(...)",
		    (int)status);
	if (status < HTTP_BAD_REQUEST && s->reply.nerrors > 0)
		bug("status %d, but an error for \"%s\"", (int)status,
		    s->reply.errors[0].name);
	if (status >= HTTP_BAD_REQUEST)
		return;
	if (o->misused)
		bug("out_end() without a beginning, or nested over %d deep",
		    OUT_DEPTH_MAX);
	if (o->depth != 0)
		bug("%d objects or lists are open: out_end() is missing",
		    o->depth);
	if (status != HTTP_NO_CONTENT && o->buf.len == 0 && !o->buf.failed)
		bug("status %d without a body", (int)status);
}

static enum http_status
handle_once(struct serve *s, bool *again)
{
	enum http_status status;
	enum db_status st;

	status = s->fn->handle(&s->req, &s->reply);
	st = db_outcome(s->private.db, again);
	if (*again) {
		reply_reset(&s->reply);
		return status;
	}
	if (st != DB_OK)
		return failed(s, st);
	check_outcome(s, status);
	return status;
}

static enum http_status
handle(struct serve *s)
{
	enum http_status status;
	bool again;

	status = handle_once(s, &again);
	if (again)
		status = handle_once(s, &again);
	return again ? failed(s, DB_AGAIN) : status;
}

/* Every step may refuse; the order is fixed (fn.h). */
static enum http_status
decide(struct serve *s, const struct gateway_request *request)
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
		status = read_inputs(s, request, object);
	json_object_put(root);
	return status == HTTP_OK ? handle(s) : status;
}

/* ---- the response ---- */

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
write_headers(struct serve *s, struct buf *b, enum http_status status)
{
	const struct reply *reply = &s->reply;
	bool public;

	buf_format(b, "Status: %d %s\r\n", (int)status, http_reason(status));
	if (status != HTTP_NO_CONTENT)
		buf_format(b,
		    "Content-Type: application/json; charset=utf-8\r\n"
		    "Content-Length: %zu\r\n",
		    reply->out.buf.len);
	public = status == HTTP_OK && s->req.user_id == NULL && is_get(s);
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

/* All of the response, whose body stays where the reply was written.  A reply
 * that did not fit, or for which there was no memory, becomes the error that
 * says so. */
static enum http_status
write_response(struct serve *s, const struct gateway_request *request,
    struct gateway_response *response, enum http_status status)
{
	struct out *o = &s->reply.out;

	if (s->reply.nerrors > 0)
		write_errors(&s->reply);
	if (o->buf.failed && o->buf.no_memory) {
		bug("no memory for a reply of more than %zu bytes", o->buf.len);
	} else if (o->buf.failed) {
		log_error("the reply is larger than %lld bytes:"
		          " .limits.reply_max_bytes",
		    (long long)s->limits.reply_max_bytes);
		status = failed(s, DB_FAILED);
		write_errors(&s->reply);
	}
	buf_reset(&response->head);
	write_headers(s, &response->head, status);
	if (response->head.failed)
		bug("no memory for a head of more than %zu bytes",
		    response->head.len);
	response->body = (struct span){.at = NULL};
	if (status != HTTP_NO_CONTENT && !is_head(request))
		response->body = (struct span){o->buf.data, o->buf.len};
	return status;
}

/* MAYFLY_DEV: whoever waits for this request is told why it ends. */
static void
last_words(const char *why)
{
	struct gateway_response response = {
	    .head = buf_new(SERVE_HEAD_MAX_BYTES)};
	struct serve *s = serving;

	serving = NULL;
	if (s == NULL || !s->dev)
		return;
	reply_reset(&s->reply);
	reply_error(&s->reply, HTTP_INTERNAL_SERVER_ERROR, "server", "failed");
	reply_error(&s->reply, HTTP_INTERNAL_SERVER_ERROR, "cause", why);
	write_errors(&s->reply);
	write_headers(s, &response.head, HTTP_INTERNAL_SERVER_ERROR);
	response.body =
	    (struct span){s->reply.out.buf.data, s->reply.out.buf.len};
	gateway_send(&response);
}

/* Whatever can fail has been done when it is committed: behind a commit
 * there is only the sending. */
void
serve_answer(void *context, const struct gateway_request *request,
    struct gateway_response *response)
{
	struct serve *s = context;
	enum http_status status;
	enum db_status st;

	serving = s;
	die_tell(last_words);
	s->req.id = request_id(s->arena, request);
	log_request(s->req.id);
	db_begin(s->private.db, request->begun_ns + INT64_C(1000000) *
	                                                s->limits.deadline_ms /
	                                                100 * DATABASE_PERCENT);
	status = decide(s, request);
	status = write_response(s, request, response, status);
	st = status < HTTP_BAD_REQUEST ? db_commit(s->private.db) : DB_OK;
	if (st != DB_OK)
		write_response(s, request, response, failed(s, st));

	db_end(s->private.db);
	serving = NULL;
}

void
serve_done(void *context)
{
	struct serve *s = context;

	reply_reset(&s->reply);
	s->req.user_id = s->req.token = NULL;
	log_request(NULL);
	arena_reset(s->arena);
}
