/* SPDX-License-Identifier: MIT */
/* deploy-options -- see deploy.h: the command lines of those who make a
 * generation. */
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deploy.h"
#include "setting.h"
#include "utf8.h"

/* Long options without a letter. */
enum {
	OPTION_BREAK = 256,
	OPTION_CANARY,
	OPTION_FOR,
	OPTION_MIGRATIONS,
	OPTION_NO_DATABASE,
	OPTION_NO_SMOKE,
	OPTION_RUN_DIR,
	OPTION_WEB, /* and from here on, by enum deploy_web_word */
};

static const struct option options[] = {
    {"break", no_argument, NULL, OPTION_BREAK},
    {"canary", required_argument, NULL, OPTION_CANARY},
    {"for", required_argument, NULL, OPTION_FOR},
    {"listen", required_argument, NULL, OPTION_WEB + DEPLOY_WEB_LISTEN},
    {"log-dir", required_argument, NULL, OPTION_WEB + DEPLOY_WEB_LOG_DIR},
    {"message", required_argument, NULL, 'm'},
    {"migrations", required_argument, NULL, OPTION_MIGRATIONS},
    {"nginx-conf", required_argument, NULL, OPTION_WEB + DEPLOY_WEB_CONF},
    {"nginx-pid", required_argument, NULL, OPTION_WEB + DEPLOY_WEB_PID},
    {"no-database", no_argument, NULL, OPTION_NO_DATABASE},
    {"no-smoke", no_argument, NULL, OPTION_NO_SMOKE},
    {"output", required_argument, NULL, 'o'},
    {"pgbouncer-ini", required_argument, NULL,
        OPTION_WEB + DEPLOY_WEB_POOL_INI},
    {"pgbouncer-pid", required_argument, NULL,
        OPTION_WEB + DEPLOY_WEB_POOL_PID},
    {"port", required_argument, NULL, OPTION_WEB + DEPLOY_WEB_PORT},
    {"run-dir", required_argument, NULL, OPTION_RUN_DIR},
    {"template", required_argument, NULL, OPTION_WEB + DEPLOY_WEB_TEMPLATE},
    {"title", required_argument, NULL, OPTION_WEB + DEPLOY_WEB_TITLE},
    {"www-dir", required_argument, NULL, OPTION_WEB + DEPLOY_WEB_WWW_DIR},
    {NULL, 0, NULL, 0},
};

/* "90", "90s", "10m", "1h": milliseconds; 0 for anything else. */
static int64_t
duration_ms(const char *text)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {{'\0', 1000}, {'s', 1000}, {'m', 60000}, {'h', 3600000}};
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno != 0 || end == text || n < 1 || n > 86400)
		return 0;
	for (size_t i = 0; i < LENGTH(units); i++)
		if (*end == units[i].unit && (*end == '\0' || end[1] == '\0'))
			return n * units[i].ms;
	return 0;
}

static int
take_share(struct deploy *d, const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || (*end != '\0' && strcmp(end, "%") != 0) || n < 1 ||
	    n > 99)
		return cli_fail(CLI_USAGE, "it is 1 to 99, percent of requests",
		    "--canary %s is no share", text);
	d->share = (int)n;
	return CLI_OK;
}

static int
take_line(const char **to, const char *name, const char *text)
{
	if (strlen(text) > DEPLOY_WHY_MAX || strpbrk(text, "\n\r\t") != NULL ||
	    utf8_length(text, strlen(text)) < 0)
		return cli_fail(CLI_USAGE, NULL,
		    "%s is one line of UTF-8, at most %d bytes", name,
		    DEPLOY_WHY_MAX);
	*to = text;
	return CLI_OK;
}

static int
take_option(struct deploy *d, int c, char *argv[])
{
	switch (c) {
	case 'm':
		return take_line(&d->why, "-m", optarg);
	case 'o':
		return cli_output(optarg, &d->json)
		           ? CLI_OK
		           : cli_fail(CLI_USAGE, "it is table or json",
		                 "-o %s is no form of output", optarg);
	case OPTION_BREAK:
		d->allow_break = true;
		return CLI_OK;
	case OPTION_CANARY:
		return take_share(d, optarg);
	case OPTION_FOR:
		d->watch_ms = duration_ms(optarg);
		return d->watch_ms > 0
		           ? CLI_OK
		           : cli_fail(CLI_USAGE, "such as 90s, 10m or 1h",
		                 "--for %s is no time", optarg);
	case OPTION_MIGRATIONS:
		d->migrations = optarg;
		return CLI_OK;
	case OPTION_NO_DATABASE:
		d->no_database = true;
		return CLI_OK;
	case OPTION_NO_SMOKE:
		d->no_smoke = true;
		return CLI_OK;
	case OPTION_RUN_DIR:
		d->run_dir = optarg;
		return CLI_OK;
	default:
		if (c < OPTION_WEB)
			return cli_bad_option(d->command, argv);
		return take_line(
		    &d->web[c - OPTION_WEB], "an option of nginx", optarg);
	}
}

/* Root does it as whom the store belongs to: nothing that is tried runs as
 * root, and mayflyd may go on with what is written. */
static int
become_owner(const struct deploy *d)
{
	struct stat st;

	if (geteuid() != 0 || stat(d->store, &st) != 0 || st.st_uid == 0)
		return CLI_OK;
	if (setgroups(0, NULL) == 0 && setgid(st.st_gid) == 0 &&
	    setuid(st.st_uid) == 0)
		return CLI_OK;
	return cli_fail(CLI_FAILED, "run this as that user",
	    "cannot become the user whom %s belongs to: %s", d->store,
	    strerror(errno));
}

static int
take_places(struct deploy *d)
{
	char problem[DEPLOY_PROBLEM_BYTES];

	if (!setting_load(problem, sizeof(problem)))
		return cli_fail(CLI_FAILED, NULL, "%s", problem);
	d->store = setting_text(SETTING_STORE);
	d->app = setting_text(SETTING_APP);
	if (d->run_dir == NULL)
		d->run_dir = setting_text(SETTING_RUN_DIR);
	return become_owner(d);
}

/* Without -m: what was typed. */
static void
give_reason(struct deploy *d)
{
	size_t len;

	if (d->why != NULL) {
		snprintf(d->reason, sizeof(d->reason), "%s", d->why);
	} else {
		snprintf(d->reason, sizeof(d->reason), "%s%s", d->command->name,
		    d->share > 0 ? " --canary" : "");
		for (int i = 0; i < d->nwords; i++) {
			len = strlen(d->reason);
			snprintf(d->reason + len, sizeof(d->reason) - len,
			    " %s", d->words[i]);
		}
		for (char *c = d->reason; *c != '\0'; c++)
			if ((unsigned char)*c < ' ' ||
			    (unsigned char)*c >= 0x7f)
				*c = '?';
	}
	d->why = d->next.why = d->reason;
}

int
deploy_open(
    struct deploy *d, const struct command *command, int argc, char *argv[])
{
	int c, code = CLI_OK;

	*d = (struct deploy){.command = command, .lock = -1};
	d->took[0].word = "";
	opterr = 0;
	while (code == CLI_OK) {
		c = getopt_long(argc, argv, "m:o:", options, NULL);
		if (c < 0)
			break;
		code = take_option(d, c, argv);
	}
	d->words = argv + optind;
	d->nwords = argc - optind;
	give_reason(d);
	if (code == CLI_OK && command != &command_deploy &&
	    (d->share > 0 || d->watch_ms > 0))
		code = cli_fail(
		    CLI_USAGE, NULL, "--canary and --for are of mayfly deploy");
	if (code == CLI_OK && d->watch_ms > 0 && d->share == 0)
		code = cli_fail(CLI_USAGE, "such as --canary 10",
		    "--for is how long a --canary is watched");
	return code == CLI_OK ? take_places(d) : code;
}

void
deploy_close(struct deploy *d)
{
	if (d->lock >= 0)
		close(d->lock);
	for (int i = 0; i < d->nparcels; i++)
		free(d->parcels[i].path);
	free(d->parcels);
	deploy_parts_free(d);
	store_free(&d->now);
	free(d->next.functions);
	deploy_web_free(d);
}
