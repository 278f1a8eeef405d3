/* SPDX-License-Identifier: MIT */
/* fn -- the program around a function: what is asked of it on the command line,
 * its settings, and how requests reach it.  One request is serve.c. */
#include "fn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fn_private.h"
#include "gateway.h"
#include "idempotency.h"
#include "input.h"
#include "log.h"
#include "serve.h"
#include "setting.h"

enum {
	DESCRIBE_ROOM_BYTES = 1024 * 1024,
};

void
fn_name(const struct fn_entry *entry, char out[DESCRIPTOR_NAME_MAX + 1])
{
	snprintf(out, DESCRIPTOR_NAME_MAX + 1, "%s", entry->symbol);
	for (; *out != '\0'; out++)
		if (*out == '_')
			*out = '-';
}

bool
fn_next_word(struct fn_words *rest, struct span *word)
{
	if (rest->at == NULL)
		return false;
	rest->at += strspn(rest->at, " ");
	*word = (struct span){rest->at, strcspn(rest->at, " ")};
	rest->at += word->len;
	return word->len > 0;
}

struct fn_limits
fn_limits(const struct fn *fn)
{
	int64_t inputs = input_body_bytes(fn);
	struct fn_limits l = fn->limits;

	for (size_t i = 0; i < DESCRIPTOR_LIMITS; i++)
		if (descriptor_limit_get(&l, &descriptor_limits[i]) == 0)
			descriptor_limit_set(&l, &descriptor_limits[i],
			    descriptor_limits[i].or_else);
	if (fn->limits.body_max_bytes == 0 && l.body_max_bytes < inputs)
		l.body_max_bytes = inputs;
	return l;
}

/* ---- --describe ---- */

/* Words with blanks between as a list; none for NULL. */
static void
write_words(struct out *o, const char *key, const char *words)
{
	struct fn_words rest = {words};
	struct span word;

	out_list(o, key);
	while (fn_next_word(&rest, &word))
		out_span(o, NULL, word);
	out_end(o);
}

static void
write_inputs(struct out *o, const struct fn_inputs *inputs)
{
	out_list(o, "inputs");
	for (int i = 0; i < inputs->n; i++) {
		const struct fn_input *input = &inputs->list[i];

		out_begin(o, NULL);
		out_text(o, "name", input->name);
		out_text(o, "in", descriptor_places[input->in]);
		out_text(o, "type", descriptor_types[input->type].word);
		out_bool(
		    o, "required", input->required || input->in == FN_PATH);
		out_bool(o, "nullable", input->nullable);
		out_int(o, "min", input->min);
		out_int(o, "max", input->max);
		out_bool(o, "clamp", input->clamp);
		out_int(o, "scale", input->scale);
		out_int(o, "items_max", input->items_max);
		out_bool(o, "unique", input->unique);
		write_words(o, "choices", input->choices);
		out_text(o, "pattern", input->pattern);
		out_text(o, "or_else", input->or_else);
		out_text(o, "example", input->example);
		out_text(o, "about", input->about);
		out_end(o);
	}
	out_end(o);
}

static void
write_replies(struct out *o, const struct fn_replies *replies)
{
	out_list(o, "replies");
	for (int i = 0; i < replies->n; i++) {
		const struct fn_reply *reply = &replies->list[i];

		out_begin(o, NULL);
		out_int(o, "status", reply->status);
		out_text(o, "about", reply->about);
		out_text(o, "type",
		    reply->type != NULL ? reply->type : "application/json");
		if (reply->shape == NULL || !fn_shape(reply->shape, o, "shape"))
			out_null(o, "shape");
		out_text(o, "example", reply->example);
		out_end(o);
	}
	out_end(o);
}

static void
write_body(struct out *o, const struct fn *fn)
{
	unsigned kinds = input_body_kinds(fn);

	out_list(o, "body");
	if ((kinds & FN_BODY_JSON) != 0)
		out_text(o, NULL, "json");
	if ((kinds & FN_BODY_FORM) != 0)
		out_text(o, NULL, "form");
	if ((kinds & FN_BODY_RAW) != 0)
		out_text(o, NULL, "raw");
	out_end(o);
	out_text(o, "body_type", fn->body_type);
	out_text(o, "body_root", fn->body_root);
}

static void
write_statements(struct out *o, const struct fn *fn)
{
	const struct db_statement *list[DESCRIPTOR_STATEMENTS_MAX + 1];
	const struct db_statement *const *statement = list;
	char prepared[DB_STATEMENT_PREPARED_MAX];

	fn_statements(fn, list);
	out_list(o, "statements");
	for (; *statement != NULL; statement++) {
		db_statement_prepared(
		    (*statement)->name, (*statement)->sql, prepared);
		out_begin(o, NULL);
		out_text(o, "name", (*statement)->name);
		out_text(o, "prepared", prepared);
		out_int(o, "line", (*statement)->line);
		out_int(o, "arguments", (*statement)->nargs);
		out_text(o, "sql", (*statement)->sql);
		out_end(o);
	}
	out_end(o);
}

static void
write_descriptor(struct out *o, const struct fn_entry *entry)
{
	const struct fn *fn = entry->fn;
	size_t method_len = strcspn(fn->route, " ");
	struct fn_limits full = fn_limits(fn);
	char name[DESCRIPTOR_NAME_MAX + 1];

	fn_name(entry, name);
	out_begin(o, NULL);
	out_text(o, "name", name);
	out_text(o, "route", fn->route);
	out_span(o, "method", (struct span){fn->route, method_len});
	out_text(o, "path", fn->route + method_len + 1);
	out_text(o, "about", fn->about);
	out_text(o, "auth", descriptor_auths[fn->auth]);
	out_text(o, "role", descriptor_roles[fn->role]);
	out_bool(o, "guard", fn->guard != NULL);
	out_text(o, "rate", fn->rate);
	out_bool(o, "atomic", fn->atomic);
	out_bool(o, "idempotency_key", idempotency_is_for(fn));
	out_bool(o, "if_match", fn->if_match);
	write_body(o, fn);
	write_inputs(o, &fn->inputs);
	write_replies(o, &fn->replies);
	write_statements(o, fn);
	write_words(o, "settings", fn->settings);
	out_text(o, "cache_tags", fn->cache_tags);
	out_bool(o, "no_etag", fn->no_etag);
	out_begin(o, "limits");
	for (size_t i = 0; i < DESCRIPTOR_LIMITS; i++)
		out_int(o, descriptor_limits[i].name,
		    descriptor_limit_get(&full, &descriptor_limits[i]));
	out_end(o);
	out_end(o);
}

/* To people at once, to programs in the list that is open. */
static void
say_problem(void *context, const char *problem)
{
	fprintf(stderr, "%s\n", problem);
	out_text(context, NULL, problem);
}

static int
describe(const struct fn_entry *entry)
{
	struct out o = out_new(DESCRIBE_ROOM_BYTES);
	bool written;
	int problems;

	out_begin(&o, NULL);
	out_list(&o, "problems");
	problems = fn_check(entry, say_problem, &o);
	out_end(&o);
	out_end(&o);
	if (problems == 0) {
		out_reset(&o);
		write_descriptor(&o, entry);
	}
	written = !o.buf.failed && puts(o.buf.data) >= 0 && fflush(stdout) == 0;
	buf_free(&o.buf);
	if (!written)
		return EXIT_SYSTEM;
	return problems == 0 ? EXIT_OK : EXIT_USAGE;
}

/* ---- --help ---- */

/* "name (text, optional)" and so on, behind a line's name and place. */
static void
print_input(FILE *to, const struct fn_input *input)
{
	bool optional = !input->required && input->in != FN_PATH;

	fprintf(to, "    %-12s %-6s %s%s", input->name,
	    descriptor_places[input->in],
	    input->items_max > 0 ? "list of " : "",
	    descriptor_types[input->type].word);
	if (input->choices != NULL)
		fprintf(to, ": %s", input->choices);
	fprintf(to, "%s%s%s\n", optional ? ", optional" : "",
	    input->about != NULL ? "; " : "",
	    input->about != NULL ? input->about : "");
}

static int
print_fn_help(const struct fn_entry *entry, FILE *to, int code)
{
	const struct fn *fn = entry->fn;
	char name[DESCRIPTOR_NAME_MAX + 1];

	fn_name(entry, name);
	fprintf(to, "%s -- %s\n\n    %s\n", name, fn->about, fn->route);
	for (int i = 0; i < fn->inputs.n; i++)
		print_input(to, &fn->inputs.list[i]);
	fprintf(to,
	    "\nServes FastCGI when descriptor 0 is a listening socket, and "
	    "one\n"
	    "CGI request otherwise:\n\n"
	    "    REQUEST_METHOD=%.*s cgi-bin/%s <body.json\n\n"
	    "--describe prints the descriptor as JSON.\n",
	    (int)strcspn(fn->route, " "), fn->route, name);
	return code;
}

/* ---- serving ---- */

/* The words of .settings, each by itself, for setting.h, which keeps them. */
static void
fn_own_settings(const struct fn *fn)
{
	static char text[SETTING_OWN_MAX * (SETTING_OWN_NAME_MAX + 1) + 1];
	static const char *names[SETTING_OWN_MAX];
	struct fn_words rest = {fn->settings};
	struct span word;
	char *to = text;
	int n = 0;

	while (fn_next_word(&rest, &word) && n < SETTING_OWN_MAX &&
	       word.len <= SETTING_OWN_NAME_MAX) {
		names[n++] = to;
		memcpy(to, word.at, word.len);
		to[word.len] = '\0';
		to += word.len + 1;
	}
	setting_own(names, n);
}

static int
serve_requests(const struct fn_entry *entry)
{
	static char name[DESCRIPTOR_NAME_MAX + 1]; /* kept by the log */
	struct fn_limits limits = fn_limits(entry->fn);
	struct gateway_response response = {
	    .head = buf_new(SERVE_HEAD_MAX_BYTES)};
	struct gateway gateway = {
	    .body_max_bytes = limits.body_max_bytes,
	    .max_requests = (int)limits.max_requests,
	    .deadline_ms = (int)limits.deadline_ms,
	    .answer = serve_answer,
	    .done = serve_done,
	    .response = &response,
	};
	char problem[512];
	struct serve *serve;
	int code;

	fn_name(entry, name);
	log_open(name, LOG_INFO);
	fn_own_settings(entry->fn);
	if (!setting_load(problem, sizeof(problem))) {
		log_error("%s", problem);
		return EXIT_USAGE;
	}
	log_open(name, setting_log_level());
	/* libpq looks for ~/.pgpass, which without HOME asks NSS. */
	if (setenv("HOME", "/", 0) != 0)
		return EXIT_SYSTEM;
	serve = serve_new(entry->fn, &limits);
	gateway.context = serve;
	code = gateway_is_fastcgi() ? gateway_fastcgi(&gateway)
	                            : gateway_cgi(&gateway, environ);
	serve_free(serve);
	buf_free(&response.head);
	return code;
}

int
fn_program(int argc, char *argv[], const struct fn_entry *entry)
{
	if (argc == 2 && strcmp(argv[1], "--describe") == 0)
		return describe(entry);
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return print_fn_help(entry, stdout, EXIT_OK);
	if (argc > 1)
		return print_fn_help(entry, stderr, EXIT_USAGE);
	if (getenv("REQUEST_METHOD") == NULL && isatty(STDIN_FILENO))
		return print_fn_help(entry, stderr, EXIT_USAGE);
	return serve_requests(entry);
}
