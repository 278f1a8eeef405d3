/* SPDX-License-Identifier: MIT */
/*
 * control -- RUN_DIR/mayflyd.sock: one line in, one JSON object out, closed.
 *
 *	status	{"pid":int,"uptime_s":int,"started_ns":int,"version":str,
 *		 "app":str,"generation":int,"functions":[
 *		  {"name","route", and of its current release:
 *		   "release":HASH12,"use","state","max_instances",
 *		   "instances":[{"pid","state","busy_ms","served"}],
 *		   "cold_starts","served","crashes","killed","refused",
 *		   "requests":{"none","1xx","2xx","3xx","4xx","5xx"},
 *		   "dropped","cpu_ms","bytes_in","bytes_out",
 *		   "p50_us","p99_us","latency":[int],"backoff_ms",
 *		   "releases":[the same of each, from "release" on]}]}
 *	reload	read the settings again, and follow the store:
 *		{"ok":true,"added":int,"replaced":int,"removed":int,
 *		 "unchanged":int}
 *	stage N, flip N, settle N, drop N
 *		see registry.h; {"ok":true} and, of a flip, the same numbers
 *	upgrade [PROGRAM]
 *		{"ok":true}, and another program is executed in place of
 *		this one: pid is the same, started_ns another.  PROGRAM is an
 *		absolute path; without it the one this was started by
 *	else	{"error":str}, and "function":str when it is one's fault
 *
 * What a reload, a stage or a flip refuses has changed nothing.  started_ns is
 * CLOCK_MONOTONIC.  What the counters mean is in base/board.h; p50_us and
 * p99_us are null beyond the last bucket.  The socket has mode 0600.
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
	CONTROL_LINE_MAX = 1024,    /* bytes of a command */
	CONTROL_REPLY_MAX = 4 * 1024 * 1024, /* 512 functions, 64 instances */
};

/* main.c: read the settings again.  *changed says whether the file is another
 * than before.  False with the reason; they are as before. */
bool control_read_settings(
    bool *changed, char *problem, size_t size) MUST_CHECK;

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
