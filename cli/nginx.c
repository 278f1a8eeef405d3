/* SPDX-License-Identifier: MIT */
/*
 * mayfly nginx -- print the configuration for the functions in folders: for an
 * nginx that is not the stack's own, and to look at.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "nginx-config.h"
#include "setting.h"

struct config {
	const char *functions, *address, *port;
	struct nginx_options options;
	char run_dir[NGINX_FOLDER_MAX_BYTES], log_dir[NGINX_FOLDER_MAX_BYTES];
	char www_dir[NGINX_FOLDER_MAX_BYTES], listen[NGINX_FOLDER_MAX_BYTES];
	struct descriptor **list;
	int n;
};

static int
take_listen(struct config *c)
{
	char *end;
	long port;
	int n;

	if (c->options.include != NULL)
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
			c->options.dev = true;
			break;
		case 'f':
			c->functions = optarg;
			break;
		case 'i':
			c->options.include = optarg;
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
			c->options.template = optarg;
			break;
		case 'w':
			www_dir = optarg;
			break;
		default:
			return cli_bad_option(&command_nginx, argv);
		}
	}
	c->functions = cli_functions(c->functions);
	if (optind < argc || c->functions == NULL ||
	    c->options.template == NULL)
		return cli_fail(CLI_USAGE, "see: mayfly help nginx",
		    "nginx needs --functions and --template, and no words");
	if (c->options.include != NULL &&
	    strcmp(c->options.include, "http") != 0 &&
	    strcmp(c->options.include, "server") != 0)
		return cli_fail(CLI_USAGE, "it is http or server",
		    "--include %s is no part", c->options.include);
	code = nginx_folder(cli_run_dir(run_dir), c->run_dir);
	if (code == CLI_OK)
		code = nginx_folder(log_dir, c->log_dir);
	if (code == CLI_OK)
		code = nginx_folder(www_dir, c->www_dir);
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
print_config(const struct config *c)
{
	struct buf b = buf_new(NGINX_CONFIG_MAX_BYTES);
	int code;

	code = nginx_config(&c->options, c->list, c->n, NULL, 0, &b);
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
	c.options.app = setting_text(SETTING_APP);
	c.options.run_dir = c.run_dir;
	c.options.log_dir = c.log_dir;
	c.options.www_dir = c.www_dir;
	c.options.listen = c.listen;
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
