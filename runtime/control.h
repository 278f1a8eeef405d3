/* SPDX-License-Identifier: MIT */
/*
 * control -- RUN_DIR/mayflyd.sock: one line in, one JSON object out, closed.
 *
 *	status	{"pid":int,"uptime_s":int,"version":str,"functions":[
 *		  {"name","route","state","max_instances",
 *		   "instances":[{"pid","state","busy_ms","served"}],
 *		   "cold_starts","served","crashes","killed","refused",
 *		   "requests":{"none","1xx","2xx","3xx","4xx","5xx"},
 *		   "dropped","cpu_ms","bytes_in","bytes_out",
 *		   "p50_us","p99_us","latency":[int],"backoff_ms"}]}
 *	reload	{"ok":true,"added":int,"replaced":int,"removed":int,
 *		 "unchanged":int}
 *	else	{"error":str}
 *
 * Counters start at 0 with the scoreboard; what they mean is in base/board.h.
 * p50_us and p99_us are null beyond the last bucket.  The socket has mode 0600.
 */
#ifndef CONTROL_H
#define CONTROL_H

#include "base.h"

enum {
	CONTROL_CLIENTS_MAX = 16,   /* at once; more wait in the queue */
	CONTROL_DEADLINE_MS = 2000, /* for one client, from accept on */
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
