/* SPDX-License-Identifier: MIT */
/*
 * nginx-reload -- give an nginx that runs another configuration: tested first,
 * and in force when this returns.
 *
 * It is written as CONFIG.new, tested by nginx, and linked into place.  The two
 * names stay one file until nginx has taken it: where a killed run left them
 * so, the next tells nginx once more, although the text is the same.
 */
#ifndef NGINX_RELOAD_H
#define NGINX_RELOAD_H

#include "base.h"
#include "buf.h"

enum {
	NGINX_RELOAD_MS = 10000, /* for the old workers to stop accepting */
	NGINX_TEST_MS = 10000,   /* for "nginx -t" */
	NGINX_SAID_MAX = 4096,   /* bytes of what that says; more is cut */
};

struct nginx_files {
	const char *program; /* such as /usr/sbin/nginx */
	const char *config;  /* nginx.conf */
	const char *pid;     /* of the master, as nginx writes it */
};

/*
 * Whether nginx would take text as its configuration.  Where it is the present
 * one nginx is not asked; else CONFIG.new is left for the eye.  CLI_OK, or what
 * cli_fail() said: what nginx says.
 */
int nginx_reload_test(
    const struct nginx_files *files, const struct buf *text) MUST_CHECK;

/*
 * Make text the configuration, after a test.  *changed says whether it was
 * another, or is only now in force; without an nginx that runs it is written
 * for the next start.  CLI_OK, or what cli_fail() said: then the file is what
 * it was, and an nginx that did not take the new one in time has been told so.
 */
int nginx_reload(const struct nginx_files *files, const struct buf *text,
    bool *changed) MUST_CHECK;

#endif /* NGINX_RELOAD_H */
