/* SPDX-License-Identifier: MIT */
/*
 * take -- cli/nginx-reload by itself, for tests/nginx-reload.sh.
 *
 *	take CONFIG PIDFILE [test]	the text is standard input
 *
 * Prints "changed" or "same", with "test" nothing; exits as the command line
 * does.
 */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "nginx-config.h"
#include "nginx-reload.h"

int
main(int argc, char *argv[])
{
	struct buf text = buf_new(NGINX_CONFIG_MAX_BYTES);
	struct nginx_files files = {.program = "nginx"};
	char chunk[4096];
	bool changed;
	ssize_t n;
	int code;

	if (argc < 3)
		return CLI_USAGE;
	files.config = argv[1];
	files.pid = argv[2];
	do {
		n = read(STDIN_FILENO, chunk, sizeof(chunk));
		if (n > 0)
			buf_add(&text, chunk, (size_t)n);
	} while (n > 0);
	if (argc > 3) {
		code = nginx_reload_test(&files, &text);
	} else {
		code = nginx_reload(&files, &text, &changed);
		if (code == CLI_OK)
			puts(changed ? "changed" : "same");
	}
	buf_free(&text);
	return code;
}
