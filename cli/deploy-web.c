/* SPDX-License-Identifier: MIT */
/*
 * deploy-web -- see deploy.h: what follows from the descriptors outside of
 * mayflyd: nginx's configuration, openapi.json and api.html.
 *
 * Where these are is said once, by options, and kept in STORE/APP/web.json.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deploy.h"
#include "nginx-config.h"
#include "nginx-reload.h"
#include "openapi.h"
#include "out.h"
#include "reference.h"
#include "setting.h"
#include "store-file.h"

enum {
	WEB_MAX_BYTES = 64 * 1024,
	LISTEN_MAX_BYTES = 256,
	PAGE_MAX_BYTES = 64 * 1024 * 1024,
	CHUNK_BYTES = 65536,
};

static const char *const words[DEPLOY_WEB_WORDS] = {
    [DEPLOY_WEB_CONF] = "nginx_conf",
    [DEPLOY_WEB_PID] = "nginx_pid",
    [DEPLOY_WEB_TEMPLATE] = "template",
    [DEPLOY_WEB_WWW_DIR] = "www_dir",
    [DEPLOY_WEB_TITLE] = "title",
    [DEPLOY_WEB_LOG_DIR] = "log_dir",
    [DEPLOY_WEB_LISTEN] = "listen",
    [DEPLOY_WEB_PORT] = "port",
    [DEPLOY_WEB_POOL_INI] = "pgbouncer_ini",
    [DEPLOY_WEB_POOL_PID] = "pgbouncer_pid",
};

/* Of what is "" where nothing was said. */
static const char *const or_else[DEPLOY_WEB_WORDS] = {
    [DEPLOY_WEB_TITLE] = "API",
    [DEPLOY_WEB_LOG_DIR] = "./var/log",
    [DEPLOY_WEB_LISTEN] = "127.0.0.1",
    [DEPLOY_WEB_PORT] = "8787",
};

/* ---- what is kept ---- */

static struct json_object *
read_kept(const char *path)
{
	struct json_object *root = json_object_from_file(path);

	if (root != NULL && json_object_is_type(root, json_type_object))
		return root;
	json_object_put(root);
	return NULL;
}

/* What is said now, else what was said before, else the default. */
static void
merge(struct deploy *d)
{
	const char *kept;

	for (int i = 0; i < DEPLOY_WEB_WORDS; i++) {
		if (d->web[i] != NULL) {
			d->web_said = true;
			continue;
		}
		kept =
		    d->web_kept == NULL ? "" : cli_text(d->web_kept, words[i]);
		d->web[i] = *kept != '\0'        ? kept
		            : or_else[i] != NULL ? or_else[i]
		                                 : "";
	}
}

static int
keep_said(const struct deploy *d)
{
	struct out o = out_new(WEB_MAX_BYTES);
	char path[STORE_PATH_MAX], problem[DEPLOY_PROBLEM_BYTES] = "too long";
	bool good;

	out_begin(&o, NULL);
	for (int i = 0; i < DEPLOY_WEB_WORDS; i++)
		out_text(&o, words[i], d->web[i]);
	out_end(&o);
	good = !o.buf.failed &&
	       store_path(path, d->store, d->app, "web.json") &&
	       store_file_write(
	           path, o.buf.data, o.buf.len, problem, sizeof(problem));
	buf_free(&o.buf);
	return good ? CLI_OK : cli_fail(CLI_FAILED, NULL, "%s", problem);
}

/* ---- nginx ---- */

static int
listen_at(const struct deploy *d, char to[LISTEN_MAX_BYTES])
{
	const char *address = d->web[DEPLOY_WEB_LISTEN];
	const char *text = d->web[DEPLOY_WEB_PORT];
	char *end;
	long port;

	errno = 0;
	port = strtol(text, &end, 10);
	if (errno != 0 || *end != '\0' || port < 1 || port > 65535)
		return cli_fail(CLI_USAGE, "it is 1 to 65535",
		    "--port %s is no port", text);
	if (address[strspn(address, "0123456789abcdefABCDEF.:[]")] != '\0')
		return cli_fail(CLI_USAGE, "such as 127.0.0.1 or [::1]",
		    "--listen %s is no address", address);
	snprintf(to, LISTEN_MAX_BYTES, "%s:%ld", address, port);
	return CLI_OK;
}

/* The functions, and who has a canary; parts are sorted by name. */
static int
list_upstreams(const struct deploy *d, struct descriptor **list,
    struct nginx_canary *canaries, int *ncanaries)
{
	int n = 0;

	*ncanaries = 0;
	for (int i = 0; i < d->nparts; i++) {
		if (!d->parts[i].canary)
			list[n++] = d->parts[i].descriptor;
		else
			canaries[(*ncanaries)++] =
			    (struct nginx_canary){d->parts[i].name,
			        store_find(&d->next, d->parts[i].name)->share};
	}
	return n;
}

static int
make_text(struct deploy *d)
{
	char folders[3][NGINX_FOLDER_MAX_BYTES], listen[LISTEN_MAX_BYTES];
	const char *from[3] = {
	    d->run_dir, d->web[DEPLOY_WEB_LOG_DIR], d->web[DEPLOY_WEB_WWW_DIR]};
	struct nginx_options options = {
	    .template = d->web[DEPLOY_WEB_TEMPLATE],
	    .run_dir = folders[0],
	    .log_dir = folders[1],
	    .www_dir = folders[2],
	    .app = d->app,
	    .listen = listen,
	    .dev = setting_int(SETTING_DEV) == 1,
	};
	size_t room = (size_t)d->nparts + 1;
	struct descriptor **list = cli_alloc(room * sizeof(*list));
	struct nginx_canary *canaries = cli_alloc(room * sizeof(*canaries));
	int n, ncanaries, code;

	code = listen_at(d, listen);
	for (int i = 0; i < 3 && code == CLI_OK; i++)
		code = nginx_folder(from[i], folders[i]);
	n = list_upstreams(d, list, canaries, &ncanaries);
	d->web_text = buf_new(NGINX_CONFIG_MAX_BYTES);
	if (code == CLI_OK)
		code = nginx_config(
		    &options, list, n, canaries, ncanaries, &d->web_text);
	free(list);
	free(canaries);
	return code;
}

static struct nginx_files
files_of(const struct deploy *d)
{
	return (struct nginx_files){
	    .program = "/usr/sbin/nginx",
	    .config = d->web[DEPLOY_WEB_CONF],
	    .pid = d->web[DEPLOY_WEB_PID],
	};
}

int
deploy_web_check(struct deploy *d)
{
	struct nginx_files files;
	char path[STORE_PATH_MAX];
	int code;

	if (store_path(path, d->store, d->app, "web.json"))
		d->web_kept = read_kept(path);
	merge(d);
	if (*d->web[DEPLOY_WEB_CONF] == '\0')
		return CLI_OK;
	if (*d->web[DEPLOY_WEB_TEMPLATE] == '\0' ||
	    *d->web[DEPLOY_WEB_PID] == '\0' ||
	    *d->web[DEPLOY_WEB_WWW_DIR] == '\0')
		return cli_fail(CLI_USAGE, "see: mayfly help deploy",
		    "--nginx-conf needs --nginx-pid, --template and "
		    "--www-dir");
	files = files_of(d);
	code = make_text(d);
	return code == CLI_OK ? nginx_reload_test(&files, &d->web_text) : code;
}

/* ---- pages ---- */

static bool
is_same_page(const char *path, const struct buf *text)
{
	char chunk[CHUNK_BYTES];
	size_t at = 0;
	ssize_t n = 0;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	do {
		n = read(fd, chunk, sizeof(chunk));
		if (n <= 0 || (size_t)n > text->len - at ||
		    memcmp(chunk, text->data + at, (size_t)n) != 0)
			break;
		at += (size_t)n;
	} while (true);
	close(fd);
	return n == 0 && at == text->len;
}

static int
write_www(const struct deploy *d, const char *file, const struct buf *text)
{
	char path[STORE_PATH_MAX], problem[DEPLOY_PROBLEM_BYTES];

	if (text->failed ||
	    !store_path(path, d->web[DEPLOY_WEB_WWW_DIR], file, ""))
		return cli_fail(CLI_FAILED, NULL, "%s is too long", file);
	path[strlen(path) - 1] = '\0'; /* the '/' */
	if (is_same_page(path, text))
		return CLI_OK;
	if (!store_file_write(
	        path, text->data, text->len, problem, sizeof(problem)))
		return cli_fail(CLI_FAILED, NULL, "%s", problem);
	return CLI_OK;
}

static int
make_openapi(const struct deploy *d, struct json_object **document)
{
	struct openapi_info info = {.title = d->web[DEPLOY_WEB_TITLE],
	    .version = PACKAGE_VERSION,
	    .server = "/"};
	struct openapi_part *parts =
	    cli_alloc(((size_t)d->nparts + 1) * sizeof(*parts));
	int n = 0, code;

	for (int i = 0; i < d->nparts; i++)
		if (!d->parts[i].canary)
			parts[n++] = (struct openapi_part){
			    d->parts[i].descriptor, d->parts[i].printed};
	code = openapi_make(&info, parts, n, document);
	free(parts);
	return code;
}

/* Only where a descriptor is another than before: they are long to make. */
static bool
needs_pages(const struct deploy *d)
{
	static const char *const files[] = {"openapi.json", "api.html"};
	char path[STORE_PATH_MAX];

	for (size_t i = 0; i < LENGTH(files); i++)
		if (!store_path(
		        path, d->web[DEPLOY_WEB_WWW_DIR], files[i], "") ||
		    (path[strlen(path) - 1] = '\0', access(path, F_OK) != 0))
			return true;
	return d->web_said || d->descriptors_changed || !d->changed;
}

static int
write_pages(const struct deploy *d)
{
	struct buf text = buf_new(PAGE_MAX_BYTES), page;
	struct json_object *document;
	const char *json;
	int code;

	code = make_openapi(d, &document);
	if (code != CLI_OK)
		return code;
	json = json_object_to_json_string_ext(
	    document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
	buf_text(&text, json != NULL ? json : "");
	buf_text(&text, "\n");
	code = write_www(d, "openapi.json", &text);
	if (code == CLI_OK) {
		if (!reference_write(document, &page))
			page.failed = true;
		code = write_www(d, "api.html", &page);
		buf_free(&page);
	}
	buf_free(&text);
	json_object_put(document);
	return code;
}

/* ---- the step ---- */

int
deploy_web(struct deploy *d)
{
	struct nginx_files files = files_of(d);
	int code = CLI_OK;

	if (*d->web[DEPLOY_WEB_CONF] != '\0')
		code = nginx_reload(&files, &d->web_text, &d->web_changed);
	/* nginx has it: no way back from here, nor a need. */
	if (code == CLI_OK && *d->web[DEPLOY_WEB_WWW_DIR] != '\0' &&
	    needs_pages(d) && write_pages(d) != CLI_OK)
		cli_say("openapi.json and api.html are those of before");
	if (code == CLI_OK && d->web_said && keep_said(d) != CLI_OK)
		cli_say("these options have to be said again");
	if (d->web_changed)
		snprintf(d->note, sizeof(d->note), "nginx has new routes");
	return code;
}

void
deploy_web_free(struct deploy *d)
{
	buf_free(&d->web_text);
	json_object_put(d->web_kept);
}
