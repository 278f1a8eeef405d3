/* SPDX-License-Identifier: MIT */
/*
 * nginx-config -- the configuration that routes requests to the functions, from
 * a template (nginx/mayfly.conf) and the functions' descriptors.
 */
#ifndef NGINX_CONFIG_H
#define NGINX_CONFIG_H

#include "base.h"
#include "buf.h"
#include "descriptor.h"

enum {
	NGINX_CONFIG_MAX_BYTES = 16 * 1024 * 1024, /* of what is made */
};

struct nginx_options {
	const char *template;
	const char *include; /* "http" or "server": only that; NULL for all */
	const char *run_dir, *log_dir, *www_dir; /* absolute, and no syntax */
	const char *app;
	const char *listen; /* ADDRESS:PORT */
	bool dev;           /* nothing is sent twice */
};

/* That share of the requests, in percent, goes to fn/NAME~canary.sock. */
struct nginx_canary {
	const char *name;
	int share; /* 1 to 100 */
};

/*
 * Write it to a buffer of NGINX_CONFIG_MAX_BYTES, for n functions sorted by
 * name.  CLI_OK, or what cli_fail() said: CLI_CONFLICT for two routes that
 * match the same path.
 */
int nginx_config(const struct nginx_options *options,
    struct descriptor *const *list, int n, const struct nginx_canary *canaries,
    int ncanaries, struct buf *to) MUST_CHECK;

/* Make a folder absolute, and refuse what nginx would take for syntax.  CLI_OK,
 * or what cli_fail() said. */
enum { NGINX_FOLDER_MAX_BYTES = 1024 };
int nginx_folder(const char *from, char to[NGINX_FOLDER_MAX_BYTES]) MUST_CHECK;

#endif /* NGINX_CONFIG_H */
