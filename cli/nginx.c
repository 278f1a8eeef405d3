/* SPDX-License-Identifier: MIT */
/*
 * mayfly nginx -- the configuration that routes requests to the functions,
 * from a template (nginx/mayfly.conf) and the functions' descriptors.
 *
 * Paths that differ become one location each; inside it a map from the method
 * to the function's name chooses the upstream.  Paths that could both match
 * one request are refused here, because nginx would silently take the first.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "buf.h"
#include "cli.h"
#include "descriptor.h"
#include "nginx-rate.h"
#include "setting.h"

enum {
	OUTPUT_MAX_BYTES = 16 * 1024 * 1024,
	TEMPLATE_MAX_BYTES = 1024 * 1024,
	FOLDER_MAX_BYTES = 1024,
	UPSTREAM_TRIES = 4, /* times a socket stands in its upstream: nginx
	                     * retries only among several servers; 1 with
	                     * --dev, so that a crash is seen */
};

/* A path and the function for each method there. */
struct route {
	const char *path;
	bool literal; /* no :name in it */
	const struct descriptor *by_method[HTTP_METHODS];
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

struct config {
	const char *functions, *template, *include, *address, *port;
	bool dev;
	char run_dir[FOLDER_MAX_BYTES], log_dir[FOLDER_MAX_BYTES];
	char www_dir[FOLDER_MAX_BYTES];
	char listen[FOLDER_MAX_BYTES];
	struct descriptor **list;
	int n;
	struct route *routes;
	int nroutes;
};

/* ---- routes ---- */

/* Whether one path could match both.  Both start with '/' and have a :name
 * somewhere, so that no part of them is empty: "/" is none of them. */
static bool
overlap(const char *a, const char *b)
{
	size_t la, lb;

	while (*a == '/' && *b == '/') {
		a++;
		b++;
		la = strcspn(a, "/");
		lb = strcspn(b, "/");
		if (*a != ':' && *b != ':' &&
		    (la != lb || strncmp(a, b, la) != 0))
			return false;
		a += la;
		b += lb;
	}
	return *a == *b;
}

static const struct descriptor *
any_of(const struct route *route)
{
	int m = 0;

	while (route->by_method[m] == NULL)
		m++; /* there is one: add_route() */
	return route->by_method[m];
}

static int
conflict(const struct descriptor *a, const struct descriptor *b)
{
	return cli_fail(CLI_CONFLICT,
	    "change the route of one of them, or leave one out",
	    "%s (%s %s) and %s (%s %s) match the same path", a->name,
	    http_methods[a->method], a->path, b->name, http_methods[b->method],
	    b->path);
}

/* A literal path beside a pattern is no conflict: nginx takes the literal. */
static int
add_route(struct config *c, const struct descriptor *d)
{
	bool literal = strstr(d->path, "/:") == NULL;
	enum http_method method = d->method;
	struct route *route;

	if (strncmp(d->path, "/_mayfly/", 9) == 0)
		return cli_fail(CLI_CONFLICT, "choose another path",
		    "%s: /_mayfly/ belongs to nginx itself", d->name);
	if (strcmp(d->path, "/metrics") == 0)
		return cli_fail(CLI_CONFLICT, "choose another path",
		    "%s: /metrics belongs to mayflyd", d->name);
	for (int i = 0; i < c->nroutes; i++) {
		route = &c->routes[i];
		if (strcmp(route->path, d->path) == 0) {
			if (route->by_method[method] != NULL)
				return conflict(route->by_method[method], d);
			route->by_method[method] = d;
			return CLI_OK;
		}
		if (!literal && !route->literal &&
		    overlap(route->path, d->path))
			return conflict(any_of(route), d);
	}
	route = &c->routes[c->nroutes++];
	*route = (struct route){.path = d->path, .literal = literal};
	route->by_method[method] = d;
	return CLI_OK;
}

static int
by_path(const void *a, const void *b)
{
	const struct route *x = a, *y = b;

	if (x->literal != y->literal)
		return x->literal ? -1 : 1;
	return strcmp(x->path, y->path);
}

static int
make_routes(struct config *c)
{
	int code;

	c->routes = cli_alloc(((size_t)c->n + 1) * sizeof(*c->routes));
	for (int i = 0; i < c->n; i++) {
		code = add_route(c, c->list[i]);
		if (code != CLI_OK)
			return code;
	}
	qsort(c->routes, (size_t)c->nroutes, sizeof(*c->routes), by_path);
	return CLI_OK;
}

/* ---- what the template is filled with ---- */

static void
write_upstreams(struct buf *b, const struct config *c)
{
	int tries = c->dev ? 1 : UPSTREAM_TRIES;

	for (int i = 0; i < c->n; i++) {
		buf_format(b, "\tupstream fn_%s {\n", c->list[i]->name);
		for (int k = 0; k < tries; k++)
			buf_format(b,
			    "\t\tserver \"unix:%s/fn/%s.sock\" max_fails=0;\n",
			    c->run_dir, c->list[i]->name);
		buf_text(b, "\t}\n");
	}
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
is_input_before(const struct config *c, int k, const char *name)
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
header_of_inputs(const struct config *c, int i)
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
write_params(struct buf *b, const struct config *c)
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
write_cors_headers(struct buf *b, const struct config *c)
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
write_routes(struct buf *b, const struct config *c)
{
	const struct descriptor *d;

	for (int i = 0; i < c->nroutes; i++) {
		buf_format(b,
		    "\t# %s\n\tmap $request_method $mayfly_route_%d {\n"
		    "\t\tdefault \"\";\n",
		    c->routes[i].path, i);
		for (int m = 0; m < HTTP_METHODS; m++) {
			d = c->routes[i].by_method[m];
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

static void
write_location(struct buf *b, const struct route *route, int index)
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
	    "\t\t\tfastcgi_read_timeout %lldms;\n"
	    "\t\t\tfastcgi_pass fn_$mayfly_function;\n\t\t}\n",
	    index, (long long)body_max_bytes, (long long)deadline_ms);
}

static void
write_locations(struct buf *b, const struct config *c)
{
	for (int i = 0; i < c->nroutes; i++)
		write_location(b, &c->routes[i], i);
}

static void
write_rate_zones(struct buf *b, const struct config *c)
{
	nginx_rate_zones(b, c->list, c->n);
}

static void
write_rate_limits(struct buf *b, const struct config *c)
{
	nginx_rate_limits(b, c->list, c->n);
}

/* ---- the template ---- */

static const struct {
	const char *word;
	void (*write)(struct buf *b, const struct config *c);
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
fill_block(struct buf *to, const struct config *c, const char *line)
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
fill_line(struct buf *to, const struct config *c, const char *line)
{
	const struct {
		const char *word, *value;
	} words[] = {
	    {"@RUN_DIR@", c->run_dir},
	    {"@LOG_DIR@", c->log_dir},
	    {"@LISTEN@", c->listen},
	    {"@WWW_DIR@", c->www_dir},
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
fill(const struct config *c, FILE *from, struct buf *to)
{
	bool on = c->include == NULL, found = on, good = true;
	char *line = NULL;
	const char *at;
	size_t size = 0;
	int number = 0;

	while (good && getline(&line, &size, from) >= 0) {
		number++;
		at = line + strspn(line, " \t");
		if (strncmp(at, "#@", 2) == 0) {
			if (c->include == NULL)
				continue;
			if (is_mark(at + 2, "begin", c->include))
				on = found = true;
			else if (is_mark(at + 2, "end", c->include))
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
		    "%s:%d: an unknown word between two @", c->template,
		    number);
	if (!found)
		return cli_fail(CLI_FAILED, NULL, "%s has no \"#@begin %s\"",
		    c->template, c->include);
	if (to->failed)
		return cli_fail(
		    CLI_FAILED, NULL, "the configuration is too long");
	return CLI_OK;
}

/* ---- options ---- */

/* Make a folder absolute, and refuse what nginx would take for syntax. */
static int
take_folder(const char *from, char to[FOLDER_MAX_BYTES])
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                           "abcdefghijklmnopqrstuvwxyz"
	                           "0123456789/._+=, -";
	char here[FOLDER_MAX_BYTES] = "";
	int n;

	if (*from != '/' && getcwd(here, sizeof(here) - 1) == NULL)
		return cli_fail(CLI_FAILED, "name an absolute folder",
		    "the working directory: %s", strerror(errno));
	if (strncmp(from, "./", 2) == 0)
		from += 2;
	n = snprintf(to, FOLDER_MAX_BYTES, "%s%s%s", here,
	    *from != '/' ? "/" : "", from);
	if (n < 0 || n >= FOLDER_MAX_BYTES)
		return cli_fail(CLI_USAGE, "choose a shorter folder",
		    "%s is too long", from);
	if (to[strspn(to, safe)] != '\0')
		return cli_fail(CLI_USAGE,
		    "use letters, digits and /._+=,- only",
		    "\"%s\" cannot stand in an nginx configuration", to);
	return CLI_OK;
}

static int
check_sockets(const struct config *c)
{
	const size_t max = sizeof(((struct sockaddr_un *)0)->sun_path);

	for (int i = 0; i < c->n; i++)
		if (strlen(c->run_dir) + strlen("/fn/.sock") +
		        strlen(c->list[i]->name) >=
		    max)
			return cli_fail(CLI_USAGE, "choose a shorter --run-dir",
			    "%s/fn/%s.sock is too long for a socket (%zu"
			    " bytes)",
			    c->run_dir, c->list[i]->name, max - 1);
	return CLI_OK;
}

static int
take_listen(struct config *c)
{
	char *end;
	long port;
	int n;

	if (c->include != NULL)
		return CLI_OK;
	errno = 0;
	port = strtol(c->port, &end, 10);
	if (errno != 0 || *end != '\0' || port < 1 || port > 65535)
		return cli_fail(CLI_USAGE, "it is 1 to 65535",
		    "--port %s is no port", c->port);
	if (c->address[strspn(c->address, "0123456789abcdefABCDEF.:[]")] !=
	    '\0')
		return cli_fail(CLI_USAGE, "such as 127.0.0.1 or [::1]",
		    "--listen %s is no address", c->address);
	n = snprintf(c->listen, sizeof(c->listen), "%s:%ld", c->address, port);
	if (n < 0 || (size_t)n >= sizeof(c->listen))
		return cli_fail(CLI_USAGE, NULL, "--listen is too long");
	return CLI_OK;
}

static int
take_options(struct config *c, int argc, char *argv[])
{
	static const struct option options[] = {
	    {"dev", no_argument, NULL, 'd'},
	    {"functions", required_argument, NULL, 'f'},
	    {"include", required_argument, NULL, 'i'},
	    {"listen", required_argument, NULL, 'a'},
	    {"log-dir", required_argument, NULL, 'l'},
	    {"port", required_argument, NULL, 'p'},
	    {"run-dir", required_argument, NULL, 'r'},
	    {"template", required_argument, NULL, 't'},
	    {"www-dir", required_argument, NULL, 'w'},
	    {NULL, 0, NULL, 0},
	};
	const char *run_dir = NULL, *log_dir = "./var/log";
	const char *www_dir = "./var/www";
	int code, o;

	opterr = 0;
	for (;;) {
		o = getopt_long(argc, argv, "", options, NULL);
		if (o < 0)
			break;
		switch (o) {
		case 'd':
			c->dev = true;
			break;
		case 'f':
			c->functions = optarg;
			break;
		case 'i':
			c->include = optarg;
			break;
		case 'a':
			c->address = optarg;
			break;
		case 'l':
			log_dir = optarg;
			break;
		case 'p':
			c->port = optarg;
			break;
		case 'r':
			run_dir = optarg;
			break;
		case 't':
			c->template = optarg;
			break;
		case 'w':
			www_dir = optarg;
			break;
		default:
			return cli_bad_option(&command_nginx, argv);
		}
	}
	c->functions = cli_functions(c->functions);
	if (optind < argc || c->functions == NULL || c->template == NULL)
		return cli_fail(CLI_USAGE, "see: mayfly help nginx",
		    "nginx needs --functions and --template, and no words");
	if (c->include != NULL && strcmp(c->include, "http") != 0 &&
	    strcmp(c->include, "server") != 0)
		return cli_fail(CLI_USAGE, "it is http or server",
		    "--include %s is no part", c->include);
	code = take_folder(cli_run_dir(run_dir), c->run_dir);
	if (code == CLI_OK)
		code = take_folder(log_dir, c->log_dir);
	if (code == CLI_OK)
		code = take_folder(www_dir, c->www_dir);
	return code == CLI_OK ? take_listen(c) : code;
}

/* ---- the command ---- */

/* Half a configuration would silently drop routes. */
static bool incomplete;

static void
complain_incomplete(const char *program, const char *problem)
{
	fprintf(stderr, "mayfly: %s: %s\n", program, problem);
	incomplete = true;
}

static int
print_config(struct config *c)
{
	struct buf b = buf_new(OUTPUT_MAX_BYTES);
	FILE *from;
	int code;

	code = check_sockets(c);
	if (code == CLI_OK)
		code = make_routes(c);
	if (code != CLI_OK)
		return code;
	from = fopen(c->template, "re");
	if (from == NULL)
		return cli_fail(CLI_NOT_FOUND, "check --template", "%s: %s",
		    c->template, strerror(errno));
	code = fill(c, from, &b);
	fclose(from);
	if (code == CLI_OK)
		fwrite(b.data, 1, b.len, stdout);
	buf_free(&b);
	return code;
}

static int
nginx(int argc, char *argv[])
{
	struct config c = {.address = "127.0.0.1", .port = "8787"};
	char problem[512];
	int code;

	code = take_options(&c, argc, argv);
	if (code != CLI_OK)
		return code;
	if (!setting_load(problem, sizeof(problem)))
		return cli_fail(CLI_FAILED, NULL, "%s", problem);
	c.n = descriptor_list(c.functions, &c.list, complain_incomplete);
	if (c.n < 0)
		return cli_fail(CLI_NOT_FOUND, "check --functions", "%s: %s",
		    c.functions, strerror(errno));
	if (incomplete)
		code = cli_fail(CLI_FAILED,
		    "mend or remove them; functions are in folders of their"
		    " own",
		    "not every executable is a function");
	else
		code = print_config(&c);
	free(c.routes);
	descriptor_list_free(c.list, c.n);
	return code;
}

const struct command command_nginx = {
    .name = "nginx",
    .usage = "--template FILE [OPTION]...",
    .about = "Print the nginx configuration for the functions.",
    .help =
        "  --functions DIRS     folders of executables, separated by ':'\n"
        "                       (default: MAYFLY_FUNCTIONS)\n"
        "  --template FILE      nginx/mayfly.conf of the sources\n"
        "  --run-dir DIR        where mayflyd's sockets are\n"
        "                       (default: MAYFLY_RUN_DIR, or ./var/run)\n"
        "  --log-dir DIR        where access.log and error.log go\n"
        "                       (default: ./var/log)\n"
        "  --www-dir DIR        the files that are served (default: "
        "./var/www)\n"
        "  --listen ADDRESS     default: 127.0.0.1\n"
        "  --port N             default: 8787\n"
        "  --include PART       http or server: only what an nginx that is\n"
        "                       there already takes into that block\n"
        "  --dev                for work on functions: no request is sent a\n"
        "                       second time, so a crash is seen\n",
    .run = nginx,
};
