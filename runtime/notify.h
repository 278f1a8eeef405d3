/* SPDX-License-Identifier: MIT */
/*
 * notify -- a message of sd_notify(3), as mayfly-hold understands it: lines
 * NAME=VALUE.  Pure: bytes in, a struct out, no allocation.
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include "base.h"

enum {
	NOTIFY_BYTES_MAX = 4096, /* of a message */
	/* Of a name: fdstore.h says why. */
	NOTIFY_NAME_MAX = 30,
};

struct notify {
	bool ready;       /* READY=1 */
	bool stopping;    /* STOPPING=1 */
	bool store;       /* FDSTORE=1 */
	bool remove;      /* FDSTOREREMOVE=1 */
	struct span name; /* FDNAME=; "stored" without one, as systemd has it */
};

/*
 * Read a message.  What is not listed above is passed over, whatever its value:
 * STATUS, MAINPID, RELOADING, FDPOLL and what others invent; so is a flag that
 * is not 1.  False for what no sender may say: an empty message, a line without
 * '=', a NUL, a name that is empty, too long or not of graphic ASCII without
 * ':', two different names, or FDSTORE and FDSTOREREMOVE at once.
 */
bool notify_parse(struct span message, struct notify *n) MUST_CHECK;

#endif /* NOTIFY_H */
