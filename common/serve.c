/* SPDX-License-Identifier: MIT */
/* serve -- see serve.h.  The order of refusals, and what is checked of a
 * handler's outcome, are in fn.h.  response.c makes the response. */
#include "serve.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "die.h"
#include "fn_private.h"
#include "idempotency.h"
#include "input.h"
#include "json_in.h"
#include "log.h"
#include "rate.h"
#include "req_private.h"
#include "response.h"
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
	const struct db_statement *statements[DESCRIPTOR_STATEMENTS_MAX + 1];
	struct arena *arena;
	struct reply reply;
	struct req req;
	struct req_private private;
	struct idempotency idempotency;
	const struct gateway_request *request; /* for last_words() */
	char user_id[24], session_id[24];
	const char *token_user; /* whom the token names, or NULL */
	unsigned kinds;         /* of body that it takes: input_body_kinds() */
	enum fn_body kind;      /* of this request's; 0 for none */
	bool cookies;           /* some inputs are */
	bool dev;               /* MAYFLY_DEV */
};

/* Who is asked for a last word: die.h. */
static struct serve *serving;

static const char *
database_url(enum fn_role role)
{
	static const enum setting own[FN_ROLES] = {
	    [FN_READER] = SETTING_READER_URL,
	    [FN_WRITER] = SETTING_WRITER_URL,
	    [FN_ACCOUNT] = SETTING_ACCOUNT_URL,
	};
	const char *url = setting_text(own[role]);

	return url != NULL ? url : setting_text(SETTING_DATABASE_URL);
}

struct serve *
serve_new(const struct fn *fn, const struct fn_limits *limits)
{
	struct serve *s = xmalloc(sizeof(*s));
	struct db_plan plan = {
	    .conninfo = database_url(fn->role),
	    .query_ms = limits->query_ms,
	    .queries = limits->queries,
	    .atomic = fn->atomic,
	};

	*s = (struct serve){.fn = fn, .limits = *limits};
	plan.session = fn_statements(fn, s->statements);
	plan.statements = s->statements;
	s->arena = arena_new(
	    ARENA_BASE_BYTES + ARENA_BODIES * (size_t)limits->body_max_bytes);
	plan.arena = s->req.arena = s->arena;
	s->reply = reply_new(s->arena, (size_t)limits->reply_max_bytes);
	s->private = (struct req_private){
	    .fn = fn, .db = db_new(&plan), .rate = rate_new(fn)};
	s->req.private = &s->private;
	s->kinds = input_body_kinds(fn);
	for (int i = 0; i < fn->inputs.n; i++)
		s->cookies = s->cookies || fn->inputs.list[i].in == FN_COOKIE;
	s->dev = setting_int(SETTING_DEV) == 1;
	return s;
}

void
serve_free(struct serve *s)
{
	db_free(s->private.db);
	rate_free(s->private.rate);
	reply_free(&s->reply);
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

/* Whether a Content-Type is this one, whatever its parameters. */
static bool
is_type(const char *type, const char *wanted)
{
	size_t len = strlen(wanted);

	return strncasecmp(type, wanted, len) == 0 &&
	       strchr("; \t", type[len]) != NULL;
}

/* Which of the kinds that the function takes the body is, into *kind.  Of no
 * type, the first; but where cookies count the type must be said, for without
 * one another site's page may send a body with them and no preflight. */
static enum http_status
check_type(
    struct serve *s, const struct gateway_request *request, enum fn_body *kind)
{
	const struct {
		enum fn_body kind;
		const char *type;
	} kinds[] = {
	    {FN_BODY_JSON, "application/json"},
	    {FN_BODY_FORM, "application/x-www-form-urlencoded"},
	    {FN_BODY_RAW, s->fn->body_type},
	};
	const char *type = gateway_variable(request, "CONTENT_TYPE");
	bool none = type == NULL || *type == '\0';
	const char *wanted = NULL;

	for (size_t i = 0; i < LENGTH(kinds); i++) {
		if ((s->kinds & kinds[i].kind) == 0)
			continue;
		*kind = kinds[i].kind;
		if (kinds[i].type == NULL ||
		    (none ? !s->cookies : is_type(type, kinds[i].type)))
			return HTTP_OK;
		wanted = wanted == NULL ? kinds[i].type
		                        : arena_format(s->arena, "%s or %s",
		                              wanted, kinds[i].type);
	}
	return reply_error(&s->reply, HTTP_UNSUPPORTED_MEDIA_TYPE,
	    "content-type", arena_format(s->arena, "must be %s", wanted));
}

static enum http_status
check_body(struct serve *s, const struct gateway_request *request)
{
	enum http_status status;

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
	s->kind = 0;
	if (s->kinds == 0)
		return HTTP_OK;
	status = check_encoding(s, request);
	return status == HTTP_OK ? check_type(s, request, &s->kind) : status;
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
	const char *text, *secret;
	struct token token;

	if (s->fn->auth == FN_PUBLIC)
		return HTTP_OK;
	text = find_token(request);
	if (text == NULL || *text == '\0')
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
	    token_verify(secret, text, strlen(text), stamp_unix_s(), &token)) {
	case TOKEN_OK:
		break;
	case TOKEN_EXPIRED:
		return refuse_token(s, "has expired");
	case TOKEN_INVALID:
		return refuse_token(s, "is invalid");
	case TOKEN_NO_MEMORY:
		bug("no memory for a token of %zu bytes", strlen(text));
	case TOKEN_MISUSED:
		bug("MAYFLY_TOKEN_SECRET is too short");
	}
	snprintf(
	    s->user_id, sizeof(s->user_id), "%lld", (long long)token.user_id);
	snprintf(s->session_id, sizeof(s->session_id), "%lld",
	    (long long)token.session_id);
	s->req.user_id = s->token_user = s->user_id;
	s->req.session_id = s->session_id;
	s->req.token = text;
	db_session(s->private.db, s->session_id, s->user_id);
	return HTTP_OK;
}

/* With a key the request is one transaction, from its guard on. */
static enum http_status
check_key(struct serve *s, const struct gateway_request *request)
{
	enum http_status status = idempotency_read(
	    &s->idempotency, s->fn, &s->req, &s->reply, request);

	if (s->idempotency.key != NULL)
		db_be_atomic(s->private.db);
	return status;
}

/* A condition that nobody looks at must not count as true; "*" says only that
 * there is such a thing (RFC 9110, 13.1.1). */
static enum http_status
check_if_match(struct serve *s, const struct gateway_request *request)
{
	const char *list = gateway_variable(request, "HTTP_IF_MATCH");

	if (list == NULL || *list == '\0' || strcmp(list, "*") == 0 ||
	    is_get(s) || s->fn->if_match)
		return HTTP_OK;
	return reply_error(&s->reply, HTTP_PRECONDITION_FAILED, "if-match",
	    "is not supported here");
}

static enum http_status
refuse_body(struct serve *s, enum http_status status, const char *message)
{
	return reply_error(&s->reply, status, "body", message);
}

/* The object that holds the FN_BODY inputs; *root is put by the caller. */
static enum http_status
parse_json(struct serve *s, const struct gateway_request *request,
    struct json_object **root, struct json_object **object)
{
	enum json_in_status st;

	st = json_in_parse(request->body, request->body_len, root);
	if (st == JSON_IN_NO_MEMORY)
		bug("no memory for a body of %zu bytes: see"
		    " .limits.memory_max_mib",
		    request->body_len);
	if (st != JSON_IN_OK)
		return refuse_body(s,
		    st == JSON_IN_TOO_MANY ? HTTP_CONTENT_TOO_LARGE
		                           : HTTP_BAD_REQUEST,
		    json_in_message(st));
	*object = *root;
	if (!json_object_is_type(*root, json_type_object))
		return refuse_body(
		    s, HTTP_UNPROCESSABLE_CONTENT, "must be an object");
	if (s->fn->body_root == NULL)
		return HTTP_OK;
	if (!json_object_object_get_ex(*root, s->fn->body_root, object))
		return reply_invalid(
		    &s->reply, s->fn->body_root, "can't be blank");
	if (!json_object_is_type(*object, json_type_object))
		return reply_invalid(
		    &s->reply, s->fn->body_root, "must be an object");
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
failed(struct serve *s, enum db_status why)
{
	enum http_status status = reply_failure(&s->reply, why);

	if (s->dev && db_cause(s->private.db) != NULL)
		reply_error(
		    &s->reply, status, "cause", db_cause(s->private.db));
	return status;
}

/* What guard says, from an empty reply; HTTP_OK where there is none.  A query
 * of its own that failed is the library's to answer. */
static enum http_status
ask_guard(struct serve *s)
{
	enum http_status status = HTTP_OK;
	enum db_status st;
	bool again = true;

	for (int tries = 0; s->fn->guard != NULL && again && tries < 2;
	     tries++) {
		reply_reset(&s->reply);
		s->req.user_id = s->token_user;
		status = s->fn->guard(&s->req, &s->reply);
		st = db_outcome(s->private.db, &again);
		if (again)
			status = failed(s, DB_AGAIN);
		else if (st != DB_OK)
			status = failed(s, st);
	}
	if (status != HTTP_OK)
		response_check(&s->reply, status);
	else if (s->reply.nerrors > 0)
		bug("guard returned 200, but an error for \"%s\"",
		    s->reply.errors[0].name);
	return status;
}

/* What of two steps is said: a refusal of the second stands before 422. */
static enum http_status
worse(enum http_status a, enum http_status b)
{
	return b == HTTP_OK ? a : b;
}

/* The inputs beside the body; guard, which sees those; and those of the body.
 * What is wrong with any of them is said at once. */
static enum http_status
read_inputs(struct serve *s, const struct gateway_request *request)
{
	struct input_source source = {.request = request};
	struct json_object *root = NULL;
	enum http_status status, st = HTTP_OK;

	source.query = gateway_variable(request, "QUERY_STRING");
	if (source.query == NULL)
		source.query = "";
	status = find_params(s, request, &source);
	if (status != HTTP_OK)
		return status;
	s->private.values = arena_alloc(
	    s->arena, (size_t)s->fn->inputs.n * sizeof(struct input_value));
	s->private.body = (struct span){request->body, request->body_len};
	status = input_read(s->fn, INPUT_OUTSIDE, &source, s->arena, &s->reply,
	    s->private.values);
	if (status == HTTP_NOT_FOUND)
		return status;
	if (s->fn->guard != NULL) {
		st = ask_guard(s);
		if (st != HTTP_OK)
			return st;
		/* Their faults, once more: they gave way to guard's answer. */
		status = input_read(s->fn, INPUT_OUTSIDE, &source, s->arena,
		    &s->reply, s->private.values);
	}
	source.is_form = s->kind == FN_BODY_FORM;
	source.form = s->private.body;
	if (s->kind == FN_BODY_JSON)
		st = parse_json(s, request, &root, &source.body);
	else if (source.is_form && !input_form_fits(source.form))
		st = refuse_body(
		    s, HTTP_CONTENT_TOO_LARGE, "has too many fields");
	if (st == HTTP_OK)
		st = input_read(s->fn, INPUT_BODY, &source, s->arena, &s->reply,
		    s->private.values);
	json_object_put(root);
	if (st == HTTP_OK || st == HTTP_UNPROCESSABLE_CONTENT) {
		if (s->fn->check != NULL)
			s->fn->check(&s->req, &s->reply);
		if (s->reply.nerrors > 0)
			st = HTTP_UNPROCESSABLE_CONTENT;
	}
	return worse(status, st);
}

/* ---- the handler, and its outcome ---- */

/* What a handler owes beside its reply. */
static void
check_duties(const struct serve *s, enum http_status status)
{
	if (status >= HTTP_BAD_REQUEST)
		return;
	if (s->fn->replay != NULL && s->reply.kept == NULL)
		bug("status %d without reply_keep(), and there is .replay",
		    (int)status);
	if (s->fn->if_match && !s->private.if_match_asked)
		bug("status %d without req_if_match(), and .if_match is true",
		    (int)status);
}

static enum http_status
handle_once(struct serve *s, bool *again)
{
	enum http_status status;
	enum db_status st;
	bool run;

	run = idempotency_claim(&s->idempotency, &s->req, &s->reply, &status);
	if (run)
		status = s->fn->handle(&s->req, &s->reply);
	st = db_outcome(s->private.db, again);
	if (*again) {
		reply_reset(&s->reply);
		return status;
	}
	if (st != DB_OK)
		return failed(s, st);
	response_check(&s->reply, status);
	if (run)
		check_duties(s, status);
	return status;
}

static enum http_status
handle(struct serve *s)
{
	enum http_status status;
	bool again;

	status = handle_once(s, &again);
	if (again) {
		/* What guard asked and wrote was rolled back, too. */
		status = ask_guard(s);
		if (status != HTTP_OK)
			return status;
		status = handle_once(s, &again);
	}
	return again ? failed(s, DB_AGAIN) : status;
}

/* Every step may refuse; the order is fixed (fn.h). */
static enum http_status
decide(struct serve *s, const struct gateway_request *request)
{
	enum http_status status;

	status = check_method(s, request);
	if (status == HTTP_OK)
		status = check_body(s, request);
	if (status == HTTP_OK)
		status = check_token(s, request);
	if (status == HTTP_OK)
		status = rate_begin(&s->req, &s->reply, request);
	if (status == HTTP_OK)
		status = check_key(s, request);
	if (status == HTTP_OK)
		status = check_if_match(s, request);
	if (status == HTTP_OK)
		status = read_inputs(s, request);
	return status == HTTP_OK ? handle(s) : status;
}

/* ---- the response ---- */

/* All of the response, whose body stays where the reply was written. */
static enum http_status
write_response(struct serve *s, const struct gateway_request *request,
    struct gateway_response *response, enum http_status status)
{
	struct response r = {.fn = s->fn,
	    .req = &s->req,
	    .reply = &s->reply,
	    .request = request};

	response->status = status = response_finish(&r, status);
	buf_reset(&response->head);
	response_head(&r, status, &response->head);
	if (response->head.failed)
		bug("no memory for a head of more than %zu bytes",
		    response->head.len);
	response->body = response_content(&r, status);
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
	write_response(s, s->request, &response, HTTP_INTERNAL_SERVER_ERROR);
	gateway_send(&response);
}

static enum db_status
commit(struct serve *s, enum http_status status)
{
	struct db_call calls[IDEMPOTENCY_CALLS];
	int n = idempotency_store(
	    &s->idempotency, &s->req, &s->reply, status, calls);

	return n < 0 ? DB_FAILED : db_commit(s->private.db, calls, n);
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
	s->request = s->private.request = request;
	s->private.if_match_asked = false;
	s->idempotency = (struct idempotency){.key = NULL};
	die_tell(last_words);
	s->req.id = request_id(s->arena, request);
	log_request(s->req.id);
	db_begin(s->private.db, request->begun_ns + INT64_C(1000000) *
	                                                s->limits.deadline_ms /
	                                                100 * DATABASE_PERCENT);
	status = decide(s, request);
	status = write_response(s, request, response, status);
	st = status < HTTP_BAD_REQUEST ? commit(s, status) : DB_OK;
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
	rate_end(&s->req);
	s->req.user_id = s->req.session_id = s->req.token = NULL;
	s->token_user = NULL;
	log_request(NULL);
	arena_reset(s->arena);
}
