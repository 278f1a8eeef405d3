/* SPDX-License-Identifier: MIT */
/*
 * hold_socket -- NOTIFY_SOCKET: where mayfly-hold hears what its program says.
 *
 * An abstract address (unix(7)), so that there is no file to be left behind.
 * Everybody on this machine can send to it: sender is who did, as the kernel
 * says.
 */
#ifndef HOLD_SOCKET_H
#define HOLD_SOCKET_H

#include <sys/types.h>

#include "base.h"
#include "notify.h"

enum {
	HOLD_SOCKET_FDS_MAX = 253, /* of a message: SCM_MAX_FD, unix(7) */
};

struct hold_message {
	pid_t sender;
	bool valid; /* notify_parse() took it */
	struct notify notify;
	int fds[HOLD_SOCKET_FDS_MAX]; /* the receiver's now */
	int nfds;
	char text[NOTIFY_BYTES_MAX];
};

/* After hold_store_open().  A descriptor to poll, or -1 with errno. */
int hold_socket_open(void) MUST_CHECK;

/* The value of NOTIFY_SOCKET. */
const char *hold_socket_name(void);

/* The next message.  False when there is none. */
bool hold_socket_receive(struct hold_message *m) MUST_CHECK;

/* Close its descriptors. */
void hold_socket_discard(struct hold_message *m);

#endif /* HOLD_SOCKET_H */
