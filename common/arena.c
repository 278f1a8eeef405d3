/* SPDX-License-Identifier: MIT */
/* arena -- see arena.h.  Blocks in a list, the one that is filled first; one of
 * BLOCK_BYTES is kept for ever. */
#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"

enum {
	BLOCK_BYTES = 16 * 1024, /* holds a usual request without a second */
	LARGE_BYTES = BLOCK_BYTES / 4, /* has a block of its own */
	ALIGNMENT = 16,
};

struct block {
	struct block *next; /* older ones, and large ones */
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

static size_t
take_room(struct arena *a, size_t size)
{
	if (size > a->max - a->total)
		bug("more than %zu bytes for a request", a->max);
	a->total += size;
	return size;
}

/* The block that n bytes fit into.  Large ones get one just as large, behind
 * the newest, so that what is left of that is not lost. */
static struct block *
block_for(struct arena *a, size_t n)
{
	struct block *newest = a->newest;

	if (n <= newest->size - newest->used)
		return newest;
	if (n > LARGE_BYTES) {
		newest->next = block_new(newest->next, take_room(a, n));
		return newest->next;
	}
	a->newest = block_new(newest, take_room(a, BLOCK_BYTES));
	return a->newest;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	struct block *b;
	void *p;

	if (n > a->max)
		bug("%zu bytes of %zu for a request", n, a->max);
	n = (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	b = block_for(a, n);
	p = b->bytes + b->used;
	b->used += n;
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
	struct block *b = a->newest->next, *next;

	for (; b != NULL; b = next) {
		next = b->next;
		a->total -= b->size;
		free(b);
	}
	a->newest->next = NULL;
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
