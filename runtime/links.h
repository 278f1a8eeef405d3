/* SPDX-License-Identifier: MIT */
/*
 * links -- what the web server connects to: RUN_DIR/APP/fn/NAME.sock.
 *
 * "fn" is a symbolic link to a folder fn.N of a generation, in which NAME.sock
 * and NAME~canary.sock are symbolic links to the sockets of releases.
 * connect(2) follows both, so one rename(2) of "fn" moves a whole application.
 */
#ifndef LINKS_H
#define LINKS_H

#include "base.h"

enum {
	LINKS_PATH_MAX = 256, /* bytes, with NUL; RUN_DIR has at most 80 */
};

/* Make RUN_DIR/APP.  False with errno. */
bool links_open(void) MUST_CHECK;

/* Take away what no mayflyd needs any more: folders that "fn" does not lead to,
 * and sockets; used(file) says whether that of this name is in use.  False with
 * errno. */
bool links_sweep(bool (*used)(const char *file)) MUST_CHECK;

/* Begin the folder of a generation, beside the one in force.  False with
 * errno. */
bool links_begin(int generation) MUST_CHECK;

/* NAME.sock, or NAME~canary.sock, leads to the socket at path.  False with
 * errno. */
bool links_add(const char *name, bool canary, const char *path) MUST_CHECK;

/* From now on what was begun is in force; the old folder goes.  False with
 * errno, and nothing changes. */
bool links_commit(void) MUST_CHECK;

/* Take one out of the folder in force. */
void links_remove(const char *name);

/* mayflyd ends: nothing is reached any more. */
void links_close(void);

#endif /* LINKS_H */
