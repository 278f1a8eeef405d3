/* SPDX-License-Identifier: MIT */
/*
 * log -- one JSON object a line on standard error, one write(2) a line, so
 * that lines of many processes do not mix (PIPE_BUF, pipe(7)).
 *
 *	{"ts":"...","level":"error","name":"user-login","request_id":"...",
 *	 "msg":"..."}
 *
 * On a terminal the line is text for people instead.  A line is cut at
 * LOG_LINE_MAX.  Never log a parameter value, a token or a password.
 */
#ifndef LOG_H
#define LOG_H

#include "base.h"

enum {
	LOG_LINE_MAX = 2048, /* bytes */
};

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* name: of the program or function; kept, not copied. */
void log_open(const char *name, enum log_level least);

/* The request that lines belong to from now on; NULL for none; kept. */
void log_request(const char *request_id);

void log_debug(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_info(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_error(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif /* LOG_H */
