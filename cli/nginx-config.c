/* SPDX-License-Identifier: MIT */
/*
 * nginx-config -- see nginx-config.h.  Paths that differ become one location
 * each; inside it a map from the method to the function's name chooses the
 * upstream.
 */
#include "nginx-config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli.h"
#include "nginx-rate.h"
#include "routes.h"
#include "store.h"

enum {
	UPSTREAM_TRIES = 4, /* times a socket stands in its upstream: nginx
	                     * retries only among several servers; 1 with
	                     * --dev, so that a crash is seen */
};

/*
 * The headers of a request that every function gets; beside them those that are
 * inputs of any of them, and nothing else lists headers.
 * What a script in a browser may send, a preflight request must allow; it is
 * written in small letters, as browsers ask for it.
 */
static const struct {
	const char *name;
	const char *param, *value; /* what a function gets it as */
	bool preflight;
} headers[] = {
    {"accept", "HTTP_ACCEPT", "$http_accept", true},
    {"authorization", "HTTP_AUTHORIZATION", "$http_authorization", true},
    {"content-encoding", "HTTP_CONTENT_ENCODING", "$http_content_encoding",
        true}, /* so that a script can read the 415 */
    {"content-type", "CONTENT_TYPE", "$content_type", true},
    {"host", "HTTP_HOST", "$host", false},
    {"idempotency-key", "HTTP_IDEMPOTENCY_KEY", "$http_idempotency_key", true},
    {"if-match", "HTTP_IF_MATCH", "$http_if_match", true},
    {"if-none-match", "HTTP_IF_NONE_MATCH", "$http_if_none_match", true},
    {"traceparent", "HTTP_TRACEPARENT", "$http_traceparent", true},
    {"user-agent", "HTTP_USER_AGENT", "$http_user_agent", false},
    {"x-request-id", "HTTP_X_REQUEST_ID", "$mayfly_request_id", true},
};

/* What it is made from. */
struct content {
	const struct nginx_options *options;
	struct descriptor *const *list;
	int n;
	const struct nginx_canary *canaries;
	int ncanaries;
	struct routes routes;
};

static void
write_server(struct buf *b, const struct content *c, const char *name,
    const char *which, int weight)
{
	buf_format(b, "\t\tserver \"unix:%s/%s/fn/%s%s.sock\" max_fails=0",
	    c->options->run_dir, c->options->app, name, which);
	if (weight > 1)
		buf_format(b, " weight=%d", weight);
	buf_text(b, ";\n");
}

static int
share_of(const struct content *c, const char *name)
{
	for (int i = 0; i < c->ncanaries; i++)
		if (strcmp(c->canaries[i].name, name) == 0)
			return c->canaries[i].share;
	return 0;
}

/*
 * The socket of the current release, as often as a request may be tried.  A
 * canary's stands once and that of the current one in all other places: of the
 * weights 3p and three times 100 - p, p percent are the canary's.  With all of
 * the requests it is as the current one.
 */
static void
write_upstream(struct buf *b, const struct content *c, const char *name)
{
	int tries = c->options->dev ? 1 : UPSTREAM_TRIES;
	int share = share_of(c, name), others = tries > 1 ? tries - 1 : 1;

	buf_format(b, "\tupstream fn_%s {\n", name);
	if (share <= 0 || share >= 100) {
		for (int k = 0; k < tries; k++)
			write_server(b, c, name, share > 0 ? "~canary" : "", 1);
	} else {
		write_server(b, c, name, "~canary", others * share);
		for (int k = 0; k < others; k++)
			write_server(b, c, name, "", 100 - share);
	}
	buf_text(b, "\t}\n");
}

static void
write_upstreams(struct buf *b, const struct content *c)
{
	for (int i = 0; i < c->n; i++)
		write_upstream(b, c, c->list[i]->name);
}

static bool
is_passed(const char *name)
{
	for (size_t i = 0; i < LENGTH(headers); i++)
		if (strcmp(headers[i].name, name) == 0)
			return true;
	return false;
}

/* Whether a function before the k-th has it, too. */
static bool
is_input_before(const struct content *c, int k, const char *name)
{
	for (int i = 0; i < k; i++)
		for (int h = 0; h < c->list[i]->nheaders; h++)
			if (strcmp(c->list[i]->headers[h], name) == 0)
				return true;
	return false;
}

/* Headers that are inputs of functions, each once, less those that every
 * function gets: the i-th of them, or NULL. */
static const char *
header_of_inputs(const struct content *c, int i)
{
	for (int k = 0; k < c->n; k++) {
		const struct descriptor *d = c->list[k];

		for (int h = 0; h < d->nheaders; h++)
			if (!is_passed(d->headers[h]) &&
			    !is_input_before(c, k, d->headers[h]) && i-- == 0)
				return d->headers[h];
	}
	return NULL;
}

/* "x-api-key" to X_API_KEY or, for a variable of nginx, x_api_key. */
static void
write_variable(struct buf *b, const char *name, bool large)
{
	for (; *name != '\0'; name++) {
		char c = *name == '-' ? '_' : *name;

		if (large && c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		buf_add(b, &c, 1);
	}
}

static void
write_params(struct buf *b, const struct content *c)
{
	const char *name;

	for (size_t i = 0; i < LENGTH(headers); i++)
		buf_format(b, "\t\tfastcgi_param %s %s if_not_empty;\n",
		    headers[i].param, headers[i].value);
	for (int i = 0; (name = header_of_inputs(c, i)) != NULL; i++) {
		buf_text(b, "\t\tfastcgi_param HTTP_");
		write_variable(b, name, true);
		buf_text(b, " $http_");
		write_variable(b, name, false);
		buf_text(b, " if_not_empty;\n");
	}
}

static void
write_cors_headers(struct buf *b, const struct content *c)
{
	const char *before = "\t\tOPTIONS \"", *name;

	for (size_t i = 0; i < LENGTH(headers); i++) {
		if (!headers[i].preflight)
			continue;
		buf_format(b, "%s%s", before, headers[i].name);
		before = ", ";
	}
	/* No script sets Cookie. */
	for (int i = 0; (name = header_of_inputs(c, i)) != NULL; i++)
		if (strcmp(name, "cookie") != 0)
			buf_format(b, ", %s", name);
	buf_text(b, "\";\n");
}

static void
write_routes(struct buf *b, const struct content *c)
{
	const struct descriptor *d;

	for (int i = 0; i < c->routes.n; i++) {
		buf_format(b,
		    "\t# %s\n\tmap $request_method $mayfly_route_%d {\n"
		    "\t\tdefault \"\";\n",
		    c->routes.list[i].path, i);
		for (int m = 0; m < HTTP_METHODS; m++) {
			d = c->routes.list[i].by_method[m];
			if (d == NULL)
				continue;
			buf_format(b, "\t\t%s %s;\n", http_methods[m], d->name);
			if (m == HTTP_GET)
				buf_format(b, "\t\tHEAD %s;\n", d->name);
		}
		buf_text(b, "\t}\n");
	}
}

/* The regular expression for a pattern: no captures, anchored at both ends. */
static void
write_pattern(struct buf *b, const char *path)
{
	buf_text(b, "~ \"^");
	while (*path != '\0') {
		if (*path == ':') {
			buf_text(b, "[^/]+");
			path += strcspn(path, "/");
			continue;
		}
		if (*path == '.')
			buf_text(b, "\\");
		buf_add(b, path, 1);
		path++;
	}
	buf_text(b, "\\z\"");
}

/* Of the functions of a path the most that one of them takes counts. */
static void
write_location(struct buf *b, const struct content *c,
    const struct route *route, int index)
{
	const struct descriptor *d;
	int64_t body_max_bytes = 0;
	int64_t deadline_ms = 0;

	buf_text(b, "\t\tlocation ");
	if (route->literal)
		buf_format(b, "= %s", route->path);
	else
		write_pattern(b, route->path);
	buf_text(b, " {\n\t\t\tset $mayfly_allow \"");
	for (int m = 0; m < HTTP_METHODS; m++) {
		d = route->by_method[m];
		if (d == NULL)
			continue;
		buf_format(b, "%s, %s", http_methods[m],
		    m == HTTP_GET ? "HEAD, " : "");
		if (d->limits.body_max_bytes > body_max_bytes)
			body_max_bytes = d->limits.body_max_bytes;
		if (d->limits.deadline_ms > deadline_ms)
			deadline_ms = d->limits.deadline_ms;
	}
	buf_format(b,
	    "OPTIONS\";\n"
	    "\t\t\tset $mayfly_function $mayfly_route_%d;\n"
	    "\t\t\tif ($mayfly_path_refused) {\n\t\t\t\treturn 404;\n\t\t\t}\n"
	    "\t\t\tif ($request_method = OPTIONS) {\n"
	    "\t\t\t\treturn 204;\n\t\t\t}\n"
	    "\t\t\tif ($mayfly_function = \"\") {\n"
	    "\t\t\t\treturn 405;\n\t\t\t}\n"
	    "\t\t\tclient_max_body_size %lld;\n"
	    "\t\t\tfastcgi_read_timeout %lldms;\n%s"
	    "\t\t\tfastcgi_pass fn_$mayfly_function;\n\t\t}\n",
	    index, (long long)body_max_bytes, (long long)deadline_ms,
	    /* a canary's socket is another server to try */
	    c->options->dev ? "\t\t\tfastcgi_next_upstream off;\n" : "");
}

static void
write_locations(struct buf *b, const struct content *c)
{
	for (int i = 0; i < c->routes.n; i++)
		write_location(b, c, &c->routes.list[i], i);
}

static void
write_rate_zones(struct buf *b, const struct content *c)
{
	nginx_rate_zones(b, c->list, c->n);
}

static void
write_rate_limits(struct buf *b, const struct content *c)
{
	nginx_rate_limits(b, c->list, c->n);
}

/* ---- the template ---- */

static const struct {
	const char *word;
	void (*write)(struct buf *b, const struct content *c);
} blocks[] = {
    {"@CORS_HEADERS@", write_cors_headers},
    {"@HEADERS@", write_params},
    {"@UPSTREAMS@", write_upstreams},
    {"@RATE_LIMITS@", write_rate_limits},
    {"@RATE_ZONES@", write_rate_zones},
    {"@ROUTES@", write_routes},
    {"@LOCATIONS@", write_locations},
};

/* A line whose only word stands for many lines. */
static bool
fill_block(struct buf *to, const struct content *c, const char *line)
{
	const char *at = line + strspn(line, " \t");

	for (size_t i = 0; i < LENGTH(blocks); i++) {
		if (strncmp(at, blocks[i].word, strlen(blocks[i].word)) == 0) {
			blocks[i].write(to, c);
			return true;
		}
	}
	return false;
}

/* Copy a line with the @WORDS@ in it replaced. */
static bool
fill_line(struct buf *to, const struct content *c, const char *line)
{
	const struct {
		const char *word, *value;
	} words[] = {
	    {"@RUN_DIR@", c->options->run_dir},
	    {"@LOG_DIR@", c->options->log_dir},
	    {"@LISTEN@", c->options->listen},
	    {"@WWW_DIR@", c->options->www_dir},
	};
	const char *at;
	size_t i;

	for (;;) {
		at = strchr(line, '@');
		if (at == NULL) {
			buf_text(to, line);
			return true;
		}
		buf_add(to, line, (size_t)(at - line));
		for (i = 0; i < LENGTH(words); i++)
			if (strncmp(at, words[i].word, strlen(words[i].word)) ==
			    0)
				break;
		if (i == LENGTH(words))
			return false;
		buf_text(to, words[i].value);
		line = at + strlen(words[i].word);
	}
}

/* "#@begin NAME" or "#@end NAME", where at is after the '@'. */
static bool
is_mark(const char *at, const char *mark, const char *name)
{
	size_t len = strlen(mark);

	if (strncmp(at, mark, len) != 0 || at[len] != ' ')
		return false;
	at += len + 1;
	return name == NULL || (strncmp(at, name, strlen(name)) == 0 &&
	                           strcspn(at, "\r\n") == strlen(name));
}

static int
fill_all(const struct content *c, FILE *from, struct buf *to)
{
	bool on = c->options->include == NULL, found = on, good = true;
	char *line = NULL;
	const char *at;
	size_t size = 0;
	int number = 0;

	while (good && getline(&line, &size, from) >= 0) {
		number++;
		at = line + strspn(line, " \t");
		if (strncmp(at, "#@", 2) == 0) {
			if (c->options->include == NULL)
				continue;
			if (is_mark(at + 2, "begin", c->options->include))
				on = found = true;
			else if (is_mark(at + 2, "end", c->options->include))
				on = false;
		} else if (on && (*at != '#' || strchr(at, '@') == NULL)) {
			good =
			    fill_block(to, c, line) || fill_line(to, c, line);
		}
	}
	free(line);
	if (!good)
		return cli_fail(CLI_FAILED,
		    "the words are in the template's first comment",
		    "%s:%d: an unknown word between two @",
		    c->options->template, number);
	if (!found)
		return cli_fail(CLI_FAILED, NULL, "%s has no \"#@begin %s\"",
		    c->options->template, c->options->include);
	if (to->failed)
		return cli_fail(
		    CLI_FAILED, NULL, "the configuration is too long");
	return CLI_OK;
}

/* The longest that mayflyd binds, NAME@HASH12 with a '~' behind it, or nginx
 * connects to. */
static int
check_sockets(
    const struct nginx_options *o, struct descriptor *const *list, int n)
{
	static const char hash[] = "@............~";
	static const char canary[] = "~canary.sock";
	const size_t max = sizeof(((struct sockaddr_un *)0)->sun_path);
	size_t folder = strlen(o->run_dir) + strlen("/") + strlen(o->app);
	size_t bound = strlen("/") + strlen(hash), connected, most;

	_Static_assert(sizeof(hash) == STORE_SHORT_CHARS + sizeof("@~"), "");
	connected = strlen("/fn/") + strlen(canary);
	most = folder + (bound > connected ? bound : connected);
	for (int i = 0; i < n; i++)
		if (most + strlen(list[i]->name) >= max)
			return cli_fail(CLI_USAGE, "choose a shorter --run-dir",
			    "%s/%s/fn/%s%s is too long for a socket (%zu"
			    " bytes)",
			    o->run_dir, o->app, list[i]->name, canary, max - 1);
	return CLI_OK;
}

/* Make a folder absolute, and refuse what nginx would take for syntax. */
int
nginx_folder(const char *from, char to[NGINX_FOLDER_MAX_BYTES])
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                           "abcdefghijklmnopqrstuvwxyz"
	                           "0123456789/._+=, -";
	char here[NGINX_FOLDER_MAX_BYTES] = "";
	int n;

	if (*from != '/' && getcwd(here, sizeof(here) - 1) == NULL)
		return cli_fail(CLI_FAILED, "name an absolute folder",
		    "the working directory: %s", strerror(errno));
	if (strncmp(from, "./", 2) == 0)
		from += 2;
	n = snprintf(to, NGINX_FOLDER_MAX_BYTES, "%s%s%s", here,
	    *from != '/' ? "/" : "", from);
	if (n < 0 || n >= NGINX_FOLDER_MAX_BYTES)
		return cli_fail(CLI_USAGE, "choose a shorter folder",
		    "%s is too long", from);
	if (to[strspn(to, safe)] != '\0')
		return cli_fail(CLI_USAGE,
		    "use letters, digits and /._+=,- only",
		    "\"%s\" cannot stand in an nginx configuration", to);
	return CLI_OK;
}

int
nginx_config(const struct nginx_options *options,
    struct descriptor *const *list, int n, const struct nginx_canary *canaries,
    int ncanaries, struct buf *to)
{
	struct content c = {.options = options,
	    .list = list,
	    .n = n,
	    .canaries = canaries,
	    .ncanaries = ncanaries};
	FILE *from;
	int code;

	code = check_sockets(options, list, n);
	if (code == CLI_OK)
		code = routes_make(&c.routes, list, n);
	if (code != CLI_OK)
		return code;
	from = fopen(options->template, "re");
	if (from == NULL) {
		code = cli_fail(CLI_NOT_FOUND, "check --template", "%s: %s",
		    options->template, strerror(errno));
	} else {
		code = fill_all(&c, from, to);
		fclose(from);
	}
	routes_free(&c.routes);
	return code;
}
