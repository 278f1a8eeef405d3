/* SPDX-License-Identifier: MIT */
/*
 * log -- one JSON object a line on standard error, one write(2) a line, so
 * that lines of many processes do not mix (PIPE_BUF, pipe(7)).
 *
 *	{"ts":"...","level":"error","name":"user-login","pid":4711,
 *	 "request_id":"...","msg":"..."}
 *
 * On a terminal the line is text for people instead.  Whatever is logged, a
 * line is valid JSON in UTF-8, and a terminal gets no control character but
 * the line's end: bytes that are not UTF-8, and NUL, become U+FFFD.  What does
 * not fit is cut between two characters and ends in "...".
 *
 * Nobody waits for who reads the log.  A line for which a pipe or a socket has
 * no room is dropped and counted, and the next that fits has one before it that
 * says how many were.  That goes for functions, too, under a web server's CGI
 * as under mayflyd: with a wait, each of their lines would cost a request that
 * time, and all of them share the pipe of mayflyd, so that the reader of the
 * log would set the speed of the site.  What a process has dropped last before
 * its end is not said.  A write never ends in SIGPIPE.
 *
 * Nothing is allocated and errno is kept, so a line can say that memory is
 * out.  Never log a parameter value, a token or a password.
 */
#ifndef LOG_H
#define LOG_H

#include "base.h"

enum {
	LOG_LINE_MAX = 4096,       /* bytes of a line, with its end: PIPE_BUF */
	LOG_NAME_MAX = 256,        /* bytes of the name, as they are written */
	LOG_REQUEST_ID_MAX = 1024, /* the same, of the request id */
};

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_LEVELS };

/* name: of the program or function; kept, not copied. */
void log_open(const char *name, enum log_level least);

/* The request that lines belong to from now on; NULL for none; kept. */
void log_request(const char *request_id);

void log_debug(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_info(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_error(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* "debug", "info", "warn", "error"; the place in the enum is their order. */
const char *log_level_word(enum log_level level);

/* The level with that word; false, with *level left alone, for another word. */
bool log_level_find(const char *word, enum log_level *level) MUST_CHECK;

#endif /* LOG_H */
