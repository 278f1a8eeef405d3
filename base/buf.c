/* SPDX-License-Identifier: MIT */
/* buf -- see buf.h.  Grows by doubling, as far as its maximum. */
#include "buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_BYTES = 1024,
	KEEP_BYTES = 64 * 1024, /* more is given back between requests */
};

struct buf
buf_new(size_t max)
{
	return (struct buf){.max = max};
}

static void
fail(struct buf *b, bool no_memory)
{
	b->failed = true;
	b->no_memory = no_memory;
}

/* Make it hold need bytes, of which the last is the NUL. */
static bool
grow(struct buf *b, size_t need)
{
	size_t size = b->size > 0 ? b->size : FIRST_BYTES;
	char *data;

	while (size < need && size <= SIZE_MAX / 2)
		size *= 2;
	if (size > b->max)
		size = b->max + 1;
	if (size < need)
		size = need;
	data = realloc(b->data, size);
	if (data == NULL) {
		fail(b, true);
		return false;
	}
	b->data = data;
	b->size = size;
	return true;
}

char *
buf_room(struct buf *b, size_t n)
{
	if (b->failed)
		return NULL;
	if (n > b->max - b->len) {
		fail(b, false);
		return NULL;
	}
	if (n >= b->size - b->len) { /* one more than n: the NUL */
		if (n >= SIZE_MAX - b->len) {
			fail(b, true);
			return NULL;
		}
		if (!grow(b, b->len + n + 1))
			return NULL;
	}
	return b->data + b->len;
}

void
buf_add(struct buf *b, const void *bytes, size_t len)
{
	char *at;

	at = buf_room(b, len);
	if (at == NULL)
		return;
	if (len > 0)
		memcpy(at, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void
buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

/* Written where there is room, and again when that was not enough. */
void
buf_format(struct buf *b, const char *fmt, ...)
{
	size_t room = b->size - b->len;
	va_list ap;
	char *at = NULL;
	int len;

	if (b->failed)
		return;
	va_start(ap, fmt);
	len = vsnprintf(room > 0 ? b->data + b->len : NULL, room, fmt, ap);
	va_end(ap);
	if (len >= 0)
		at = buf_room(b, (size_t)len);
	else
		fail(b, errno == ENOMEM);
	if (at != NULL && (size_t)len >= room) {
		va_start(ap, fmt);
		len = vsnprintf(at, (size_t)len + 1, fmt, ap);
		va_end(ap);
		if (len < 0)
			fail(b, errno == ENOMEM);
	}
	if (!b->failed)
		b->len += (size_t)len;
	else if (b->size > 0)
		b->data[b->len] = '\0';
}

void
buf_reset(struct buf *b)
{
	if (b->size > KEEP_BYTES)
		buf_free(b);
	b->len = 0;
	b->failed = false;
	b->no_memory = false;
	b->misused = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

void
buf_free(struct buf *b)
{
	free(b->data);
	*b = buf_new(b->max);
}
