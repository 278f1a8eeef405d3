/* SPDX-License-Identifier: MIT */
/*
 * upgrade -- another mayflyd in place of this one: the same process, with the
 * same sockets, boards and instances.
 *
 * First the new program is asked, as a child that the loop watches:
 *
 *	PROGRAM -n --takeover VERSION
 *
 * It reads the settings and exits with 0 when it can take over from a mayflyd
 * of that VERSION; its first line says so, or what is wrong.  Only then, and
 * when the keeper has all that it was told, is it executed.
 */
#ifndef UPGRADE_H
#define UPGRADE_H

#include "base.h"

enum {
	UPGRADE_CHECK_MS = 5000, /* for that child, and for the keeper */
	UPGRADE_SAID_MAX = 512,  /* bytes of what it says; more is cut */
	UPGRADE_PATH_MAX = 900,  /* bytes of the program's path */
};

/* What is handed on: names and meaning of the descriptors (fdstore.h), and the
 * board.  A program that knows another says no. */
#define UPGRADE_VERSION "1.1"

/* What the child says when it can: this, and the version of the program. */
#define UPGRADE_YES "takes over " UPGRADE_VERSION ": mayflyd "

/* The path that this program was started by, absolute, so that it is found
 * again when another file has that name: to be called before any chdir(2).
 * A path that cannot be made out fails in upgrade_begin(). */
void upgrade_remember(const char *argv0);

/* Begin to ask the program; NULL is the one that was remembered.  done is
 * called once, later: with what is wrong, or with NULL when upgrade_program()
 * has it. Returns NULL, or what is wrong with asking at all. */
const char *upgrade_begin(
    const char *program, void (*done)(const char *problem)) MUST_CHECK;

/* Whether the program has said yes. */
bool upgrade_agreed(void) MUST_CHECK;

/* Then: the program to execute now, which done has been told; NULL while the
 * keeper does not know all yet. */
const char *upgrade_program(void);

/* Let go of a child that is being asked; it is not answered any more. */
void upgrade_stop(void);

/* Do what is due; returns when something is due again, or INT64_MAX. */
int64_t upgrade_tick(int64_t now_ns);

#endif /* UPGRADE_H */
