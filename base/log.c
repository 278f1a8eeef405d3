/* SPDX-License-Identifier: MIT */
/* log -- see log.h. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "out.h"
#include "stamp.h"

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug",
    [LOG_INFO] = "info",
    [LOG_WARN] = "warn",
    [LOG_ERROR] = "error",
};

static const char *program_name = "mayfly";
static const char *current_request;
static enum log_level least_level = LOG_INFO;

void
log_open(const char *name, enum log_level least)
{
	program_name = name;
	least_level = least;
}

void
log_request(const char *request_id)
{
	current_request = request_id;
}

static struct out
json_line(enum log_level level, const char *msg)
{
	char ts[STAMP_TEXT_BYTES];
	struct out o;

	stamp_now(ts);
	o = out_new(2 * LOG_LINE_MAX);
	out_begin(&o, NULL);
	out_text(&o, "ts", ts);
	out_text(&o, "level", level_names[level]);
	out_text(&o, "name", program_name);
	out_int(&o, "pid", getpid());
	if (current_request != NULL)
		out_text(&o, "request_id", current_request);
	out_text(&o, "msg", msg);
	out_end(&o);
	buf_add(&o.buf, "\n", 1);
	return o;
}

static void
write_line(const char *line, size_t len)
{
	ssize_t n;

	/* A log that cannot be written has nowhere to say so. */
	n = write(STDERR_FILENO, line, len);
	(void)n;
}

static void PRINTF_LIKE(2, 0)
    log_line(enum log_level level, const char *fmt, va_list ap)
{
	char msg[LOG_LINE_MAX], line[LOG_LINE_MAX + 64];
	struct out o;
	int len;

	if (level < least_level)
		return;
	vsnprintf(msg, sizeof(msg), fmt, ap);
	if (isatty(STDERR_FILENO)) {
		len = snprintf(line, sizeof(line), "%s: %s: %s\n", program_name,
		    level_names[level], msg);
		if (len > (int)sizeof(line) - 1)
			len = (int)sizeof(line) - 1;
		if (len > 0)
			write_line(line, (size_t)len);
		return;
	}
	o = json_line(level, msg);
	if (!o.buf.failed)
		write_line(o.buf.data, o.buf.len);
	buf_free(&o.buf);
}

void
log_debug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line(LOG_DEBUG, fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line(LOG_INFO, fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line(LOG_WARN, fmt, ap);
	va_end(ap);
}

void
log_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line(LOG_ERROR, fmt, ap);
	va_end(ap);
}
