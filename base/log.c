/* SPDX-License-Identifier: MIT */
/* log -- see log.h.  A line is put together in one buffer on the stack. */
#include "log.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <utf8proc.h>

#include "stamp.h"

_Static_assert(LOG_LINE_MAX <= PIPE_BUF, "one write(2) is not split");

#define CUT "..."
#define JSON_END "\"}\n"

enum {
	CUT_BYTES = sizeof(CUT) - 1,
	END_BYTES = sizeof(JSON_END) - 1, /* the end of a text is shorter */
	SHOWN_MAX_BYTES = 6,              /* \u001b */
	NOT_TEXT = 0xfffd,                /* REPLACEMENT CHARACTER */
};

struct line {
	bool json; /* otherwise for a terminal */
	size_t len;
	char bytes[LOG_LINE_MAX];
};

static const char *const level_words[LOG_LEVELS] = {
    [LOG_DEBUG] = "debug",
    [LOG_INFO] = "info",
    [LOG_WARN] = "warn",
    [LOG_ERROR] = "error",
};

static const char *program_name = "mayfly";
static const char *current_request;
static enum log_level least_level = LOG_INFO;
static unsigned long dropped; /* lines since the last that was written */

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

const char *
log_level_word(enum log_level level)
{
	return level_words[level];
}

bool
log_level_find(const char *word, enum log_level *level)
{
	for (int i = 0; i < LOG_LEVELS; i++) {
		if (strcmp(word, level_words[i]) == 0) {
			*level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

/* What we write ourselves; it always fits. */
static void
put_own(struct line *l, const char *text)
{
	size_t n = strlen(text);

	memcpy(l->bytes + l->len, text, n);
	l->len += n;
}

/* The first character of text, as it is shown; the bytes of text it takes. */
static size_t
show(bool json, struct span text, char out[SHOWN_MAX_BYTES], size_t *len)
{
	static const char digits[] = "0123456789abcdef";
	const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.at;
	utf8proc_int32_t c;
	utf8proc_ssize_t taken =
	    utf8proc_iterate(bytes, (utf8proc_ssize_t)text.len, &c);

	if (taken <= 0 || c == 0) {
		*len = (size_t)utf8proc_encode_char(
		    NOT_TEXT, (utf8proc_uint8_t *)out);
		return 1;
	}
	*len = 0;
	if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) {
		memcpy(out, json ? "\\u00" : "\\x", json ? 4 : 2);
		*len = json ? 4 : 2;
		out[(*len)++] = digits[c >> 4];
		out[(*len)++] = digits[c & 15];
		return (size_t)taken;
	}
	if (json && (c == '"' || c == '\\'))
		out[(*len)++] = '\\';
	memcpy(out + *len, text.at, (size_t)taken);
	*len += (size_t)taken;
	return (size_t)taken;
}

/* Text from elsewhere, at most up to the byte end of the line; whole is false
 * when there is more of it that is not here. */
static void
put_text(struct line *l, struct span text, size_t end, bool whole)
{
	size_t cut = l->len; /* up to here, and CUT behind it fits */
	char shown[SHOWN_MAX_BYTES];
	size_t taken, len;

	while (text.len > 0) {
		taken = show(l->json, text, shown, &len);
		if (l->len + len > end) {
			whole = false;
			break;
		}
		memcpy(l->bytes + l->len, shown, len);
		l->len += len;
		text.at += taken;
		text.len -= taken;
		if (l->len + CUT_BYTES <= end)
			cut = l->len;
	}
	if (whole)
		return;
	l->len = cut;
	put_own(l, CUT);
}

/* A name or an id: it cannot take the room of the message. */
static void
put_name(struct line *l, const char *name, size_t max)
{
	size_t len = strnlen(name, max + 1);

	put_text(l, (struct span){name, len}, l->len + max, len <= max);
}

static void
begin_json(struct line *l, enum log_level level)
{
	char ts[STAMP_TEXT_BYTES], pid[24];

	stamp_now(ts);
	put_own(l, "{\"ts\":\"");
	put_own(l, ts);
	put_own(l, "\",\"level\":\"");
	put_own(l, level_words[level]);
	put_own(l, "\",\"name\":\"");
	put_name(l, program_name, LOG_NAME_MAX);
	snprintf(pid, sizeof(pid), "\",\"pid\":%ld", (long)getpid());
	put_own(l, pid);
	if (current_request != NULL) {
		put_own(l, ",\"request_id\":\"");
		put_name(l, current_request, LOG_REQUEST_ID_MAX);
		put_own(l, "\"");
	}
	put_own(l, ",\"msg\":\"");
}

static void
begin_text(struct line *l, enum log_level level)
{
	put_name(l, program_name, LOG_NAME_MAX);
	put_own(l, ": ");
	put_own(l, level_words[level]);
	put_own(l, ": ");
}

/* Whether a write would neither wait nor end in SIGPIPE; a pipe has room when a
 * whole PIPE_BUF fits. */
static bool
has_room(void)
{
	struct pollfd pfd = {.fd = STDERR_FILENO, .events = POLLOUT};

	return poll(&pfd, 1, 0) == 1 && pfd.revents == POLLOUT;
}

/* Another writer may fill a pipe behind has_room(), so this write does not wait
 * either.  O_NONBLOCK would be for all who share the pipe.  Kernels before 6.5
 * know RWF_NOWAIT not for pipes. */
static ssize_t
write_pipe(const struct line *l)
{
	union {
		const char *in;
		char *out;
	} bytes = {l->bytes}; /* writev(2) takes, but does not change it */
	struct iovec piece = {bytes.out, l->len};
	ssize_t n;

	n = pwritev2(STDERR_FILENO, &piece, 1, -1, RWF_NOWAIT);
	if (n < 0 && (errno == EOPNOTSUPP || errno == ENOSYS))
		n = write(STDERR_FILENO, l->bytes, l->len);
	return n;
}

/* Nor does SIGPIPE come of it, when the reader goes behind has_room(): held
 * back, and taken away unless somebody else has sent one. */
static ssize_t
write_held(const struct line *l)
{
	static const struct timespec now;
	sigset_t pipes, before, pending;
	ssize_t n;
	int err;

	sigemptyset(&pipes);
	sigaddset(&pipes, SIGPIPE);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &pipes, &before);
	n = write_pipe(l);
	err = errno;
	if (n < 0 && err == EPIPE && sigismember(&pending, SIGPIPE) == 0)
		sigtimedwait(&pipes, NULL, &now);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = err;
	return n;
}

/* False when it is not out: there is no room, or nowhere to write. */
static bool
write_line(const struct line *l)
{
	struct stat st;
	mode_t type;
	ssize_t n;

	type = fstat(STDERR_FILENO, &st) == 0 ? st.st_mode & S_IFMT : 0;
	if (type != S_IFSOCK && !has_room())
		return false;
	do {
		if (type == S_IFSOCK)
			n = send(STDERR_FILENO, l->bytes, l->len,
			    MSG_DONTWAIT | MSG_NOSIGNAL);
		else if (type == S_IFIFO)
			n = write_held(l);
		else
			n = write(STDERR_FILENO, l->bytes, l->len);
	} while (n < 0 && errno == EINTR);
	return n >= 0;
}

static void
begin(struct line *l, enum log_level level)
{
	l->len = 0;
	l->json = isatty(STDERR_FILENO) == 0;
	if (l->json)
		begin_json(l, level);
	else
		begin_text(l, level);
}

/* False when there is still no room for a line. */
static bool
tell_dropped(void)
{
	struct line l;
	char text[80];

	snprintf(text, sizeof(text),
	    "%lu lines of the log were dropped: it was full", dropped);
	begin(&l, LOG_WARN);
	put_own(&l, text);
	put_own(&l, l.json ? JSON_END : "\n");
	return write_line(&l);
}

static void PRINTF_LIKE(2, 0)
    log_line(enum log_level level, const char *fmt, va_list ap)
{
	/* No byte of it takes less than one in the line, so what is cut here
	 * would be cut there, too. */
	char msg[LOG_LINE_MAX];
	int saved_errno = errno;
	struct span text = {msg, 0};
	struct line l;
	int len;

	if (level < least_level)
		return;
	len = vsnprintf(msg, sizeof(msg), fmt, ap);
	if (len < 0) /* out of memory, or beyond INT_MAX */
		text = (struct span){fmt, strnlen(fmt, sizeof(msg))};
	else
		text.len =
		    (size_t)len < sizeof(msg) ? (size_t)len : sizeof(msg) - 1;
	begin(&l, level);
	put_text(&l, text, sizeof(l.bytes) - END_BYTES,
	    len < 0 || (size_t)len < sizeof(msg));
	put_own(&l, l.json ? JSON_END : "\n");
	if (dropped > 0 && tell_dropped())
		dropped = 0;
	if (dropped > 0 || !write_line(&l))
		dropped++;
	errno = saved_errno;
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
