/* SPDX-License-Identifier: MIT */
/*
 * metrics -- RUN_DIR/metrics.sock: whoever asks by FastCGI, whatever for, gets
 * the metrics (report.h).  nginx passes GET /metrics there, for this machine
 * alone.
 *
 * mayflyd speaks just enough FastCGI for that: the request id of the first
 * record goes back in the answer, and the rest of the request is read and
 * dropped.  Nothing here waits; who takes too long is closed.
 */
#ifndef METRICS_H
#define METRICS_H

#include "base.h"

enum {
	METRICS_CLIENTS_MAX = 4,    /* at once; more wait in the queue */
	METRICS_DEADLINE_MS = 5000, /* for one client, from accept on */
	/* 1024 functions of 5 KiB. */
	METRICS_REPLY_MAX = 8 * 1024 * 1024,
};

/* Open the socket.  False with errno. */
bool metrics_open(const char *run_dir) MUST_CHECK;

/* Drop who is overdue; returns when to look again, or INT64_MAX. */
int64_t metrics_expire(int64_t now_ns);

/* Close everything and remove the socket. */
void metrics_close(void);

#endif /* METRICS_H */
