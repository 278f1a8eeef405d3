/* SPDX-License-Identifier: MIT */
/* buf -- see buf.h.  Grows by doubling. */
#include "buf.h"

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

char *
buf_room(struct buf *b, size_t n)
{
	size_t need, size;
	char *data;

	if (b->failed)
		return NULL;
	if (n > b->max - b->len) {
		b->failed = true;
		return NULL;
	}
	need = b->len + n + 1; /* the NUL */
	if (need > b->size) {
		size = b->size > 0 ? b->size : FIRST_BYTES;
		while (size < need)
			size *= 2;
		data = realloc(b->data, size);
		if (data == NULL) {
			b->failed = true;
			return NULL;
		}
		b->data = data;
		b->size = size;
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
	char *at;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(room > 0 ? b->data + b->len : NULL, room, fmt, ap);
	va_end(ap);
	at = len >= 0 ? buf_room(b, (size_t)len) : NULL;
	if (at == NULL) {
		b->failed = true;
		if (room > 0)
			b->data[b->len] = '\0';
		return;
	}
	if ((size_t)len >= room) {
		va_start(ap, fmt);
		vsnprintf(at, (size_t)len + 1, fmt, ap);
		va_end(ap);
	}
	b->len += (size_t)len;
}

void
buf_reset(struct buf *b)
{
	if (b->size > KEEP_BYTES)
		buf_free(b);
	b->len = 0;
	b->failed = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

void
buf_free(struct buf *b)
{
	free(b->data);
	*b = buf_new(b->max);
}
