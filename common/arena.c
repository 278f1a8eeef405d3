/* SPDX-License-Identifier: MIT */
/* arena -- see arena.h.  Blocks in a list; the first is kept for ever. */
#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"

enum {
	BLOCK_BYTES = 16 * 1024, /* holds a usual request without a second */
	ALIGNMENT = 16,
};

struct block {
	struct block *next; /* older blocks */
	size_t size, used;
	_Alignas(ALIGNMENT) unsigned char bytes[];
};

struct arena {
	struct block *newest;
	size_t max, total; /* bytes allowed, bytes in all blocks */
};

static struct block *
block_new(struct block *next, size_t size)
{
	struct block *b;

	b = xmalloc(sizeof(*b) + size);
	b->next = next;
	b->size = size;
	b->used = 0;
	return b;
}

struct arena *
arena_new(size_t max_bytes)
{
	struct arena *a;

	a = xmalloc(sizeof(*a));
	a->newest = block_new(NULL, BLOCK_BYTES);
	a->max = max_bytes;
	a->total = BLOCK_BYTES;
	return a;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	size_t size;
	void *p;

	if (n > a->max)
		bug("%zu bytes of %zu for a request", n, a->max);
	n = (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (n > a->newest->size - a->newest->used) {
		size = n > BLOCK_BYTES ? n : BLOCK_BYTES;
		if (size > a->max - a->total)
			bug("more than %zu bytes for a request", a->max);
		a->newest = block_new(a->newest, size);
		a->total += size;
	}
	p = a->newest->bytes + a->newest->used;
	a->newest->used += n;
	return memset(p, 0, n);
}

char *
arena_copy(struct arena *a, const char *s, size_t len)
{
	char *copy;

	copy = arena_alloc(a, len + 1);
	if (len > 0)
		memcpy(copy, s, len);
	return copy;
}

char *
arena_format(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		bug("a format that cannot be printed: %s", fmt);
	text = arena_alloc(a, (size_t)len + 1);
	va_start(ap, fmt);
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return text;
}

void
arena_reset(struct arena *a)
{
	struct block *next;

	while (a->newest->next != NULL) {
		next = a->newest->next;
		a->total -= a->newest->size;
		free(a->newest);
		a->newest = next;
	}
	a->newest->used = 0;
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_reset(a);
	free(a->newest);
	free(a);
}
