/* SPDX-License-Identifier: MIT */
/*
 * control -- RUN_DIR/mayflyd.sock: one line in, one JSON object out, closed.
 *
 *	status	{"pid":int,"uptime_s":int,"version":str,"functions":[
 *		  {"name","route","state","max_instances",
 *		   "instances":[{"pid","state","busy_ms","served"}],
 *		   "cold_starts","served","crashes","killed","refused",
 *		   "backoff_ms"}]}
 *	reload	{"ok":true,"added":int,"replaced":int,"removed":int,
 *		 "unchanged":int}
 *	else	{"error":str}
 *
 * Counters start at 0 with mayflyd.  The socket has mode 0600.
 *
 * With all places taken, another client gets that of the one that has been
 * silent longest; one that has sent its line keeps its own.
 */
#ifndef CONTROL_H
#define CONTROL_H

#include "base.h"

enum {
	CONTROL_CLIENTS_MAX = 16,   /* at once; who is silent makes room */
	CONTROL_DEADLINE_MS = 2000, /* for one client, from accept on */
	CONTROL_PAUSE_MS = 100,     /* when accept finds no descriptor */
	CONTROL_LINE_MAX = 64,      /* bytes of a command */
	CONTROL_REPLY_MAX = 4 * 1024 * 1024, /* 512 functions, 64 instances */
};

/* Open the socket; reload is called for that command and answers. */
bool control_open(const char *run_dir) MUST_CHECK;

/* Drop who is overdue; returns when to look again, or INT64_MAX. */
int64_t control_expire(int64_t now_ns);

/* Close everything and remove the socket. */
void control_close(void);

#endif /* CONTROL_H */
