/* SPDX-License-Identifier: MIT */
/*
 * buf -- bytes appended at the end, up to a maximum given at birth.
 *
 * Failure sticks: once the maximum is passed, or memory is out, the buffer
 * stays as it is, later calls do nothing, and buf.failed is asked once at the
 * end; buf.no_memory then tells which of the two it was.  The bytes are always
 * followed by a NUL that is not counted, but for what was put into buf_room():
 * buf_add(b, "", 0) writes one there.
 */
#ifndef BUF_H
#define BUF_H

#include "base.h"

struct buf {
	char *data;     /* NULL until the first byte */
	size_t len;     /* bytes in use, without the NUL */
	size_t size;    /* bytes allocated, at most max + 1 */
	size_t max;     /* bytes it may ever hold */
	bool failed;    /* something did not fit: the content is incomplete */
	bool no_memory; /* it failed because memory is out, not by max */
	bool misused;   /* it failed by a bug of the caller (markup.h) */
};

/* An empty buffer that may grow to max bytes.  Allocates nothing yet. */
struct buf buf_new(size_t max);

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_text(struct buf *b, const char *text);
void buf_format(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * Room for n bytes at the end, to be filled by the caller, who then adds what
 * was used to b->len.  NULL when it does not fit (b->failed is then set).
 */
char *buf_room(struct buf *b, size_t n) MUST_CHECK;

/* Empty it, forget a failure; keep the memory, up to 64 KiB.  In an empty
 * buffer without memory data is NULL. */
void buf_reset(struct buf *b);

/* Give the memory back.  The buffer can be used again. */
void buf_free(struct buf *b);

#endif /* BUF_H */
