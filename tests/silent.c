/* SPDX-License-Identifier: MIT */
/*
 * silent -- clients of a unix socket that say nothing.
 *
 *	silent SOCKET N
 *
 * Connects N times, prints "ready", and stays until it is killed, or an hour
 * has gone by.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base.h"

int
main(int argc, char *argv[])
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	if (argc != 3 || strlen(argv[1]) >= sizeof(address.sun_path))
		return EXIT_USAGE;
	memcpy(address.sun_path, argv[1], strlen(argv[1]) + 1);
	for (long n = strtol(argv[2], NULL, 10); n > 0; n--) {
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd < 0 || connect(fd, (struct sockaddr *)&address,
		                  sizeof(address)) != 0) {
			perror("silent");
			return EXIT_SYSTEM;
		}
	}
	puts("ready");
	fflush(stdout);
	sleep(3600);
	return EXIT_OK;
}
