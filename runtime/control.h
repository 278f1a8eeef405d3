/* SPDX-License-Identifier: MIT */
/*
 * control -- RUN_DIR/mayflyd.sock: one line in, one JSON object out, closed.
 *
 *	status	{"pid":int,"uptime_s":int,"started_ns":int,"version":str,
 *		 "functions":[
 *		  {"name","route","state","max_instances",
 *		   "instances":[{"pid","state","busy_ms","served"}],
 *		   "cold_starts","served","crashes","killed","refused",
 *		   "backoff_ms"}]}
 *	reload	{"ok":true,"added":int,"replaced":int,"removed":int,
 *		 "unchanged":int}
 *	upgrade [PROGRAM]
 *		{"ok":true}, and another program is executed in place of
 *		this one: pid is the same, started_ns another.  PROGRAM is an
 *		absolute path; without it the one this was started by
 *	else	{"error":str}
 *
 * started_ns is CLOCK_MONOTONIC.  Counters start at 0 with mayflyd.  The
 * socket has mode 0600.
 */
#ifndef CONTROL_H
#define CONTROL_H

#include "base.h"

enum {
	CONTROL_CLIENTS_MAX = 16,   /* at once; more wait in the queue */
	CONTROL_DEADLINE_MS = 2000, /* for one client, from accept on */
	CONTROL_LINE_MAX = 1024,    /* bytes of a command */
	CONTROL_REPLY_MAX = 4 * 1024 * 1024, /* 512 functions, 64 instances */
};

/* Open the socket, or take the one that was handed on. */
bool control_open(const char *run_dir) MUST_CHECK;

/* Drop who is overdue; returns when to look again, or INT64_MAX. */
int64_t control_expire(int64_t now_ns);

struct fdstore_item;

/* Take no further client before control_resume(); true when there is none left
 * but the one that asked for the upgrade. */
bool control_pause(void) MUST_CHECK;
void control_resume(void);

/* The socket, for who is executed in our place.  Returns how many of max. */
int control_hand_on(struct fdstore_item *list, int max);

/* Close everything and remove the socket. */
void control_close(void);

#endif /* CONTROL_H */
