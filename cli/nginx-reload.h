/* SPDX-License-Identifier: MIT */
/*
 * nginx-reload -- give an nginx that runs another configuration: checked first,
 * and in force when this returns.
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
 * Make text the configuration.  *changed says whether it was another.  The old
 * one stays when nginx refuses the new one, and then cli_fail() has said what
 * nginx says; without an nginx that runs it is written for the next start.
 * CLI_OK, or what cli_fail() said.
 */
int nginx_reload(const struct nginx_files *files, const struct buf *text,
    bool *changed) MUST_CHECK;

#endif /* NGINX_RELOAD_H */
