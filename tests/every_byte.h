/* SPDX-License-Identifier: MIT */
/*
 * every_byte -- a good text with one byte changed, at the guard page: for each
 * place each of the 256 bytes.
 */
#ifndef EVERY_BYTE_H
#define EVERY_BYTE_H

#include "guard.h"
#include "tap.h"

enum {
	EVERY_BYTE_ROOM = 1024, /* for what a reader writes */
};

/* Read text into out, of EVERY_BYTE_ROOM bytes.  Returns the length, or -1 when
 * it is refused. */
typedef ptrdiff_t every_byte_reader(struct span text, char *out);

/*
 * How many of the changed texts, good itself among them once for each place,
 * are accepted.  -1 when what was made of one is not accepted, or changes when
 * it is read again.
 */
static inline int
every_byte(const struct guard *g, const char *good, every_byte_reader *read)
{
	char text[256], first[EVERY_BYTE_ROOM], second[EVERY_BYTE_ROOM];
	size_t len = strlen(good);
	int count = 0;

	for (size_t i = 0; i < 256 * len; i++) {
		ptrdiff_t n, again;

		memcpy(text, good, len);
		text[i / 256] = (char)(i % 256);
		n = read((struct span){guard_tail(g, text, len), len}, first);
		if (n < 0)
			continue;
		count++;
		again = read(
		    (struct span){guard_tail(g, first, (size_t)n), (size_t)n},
		    second);
		if (again == n && memcmp(first, second, (size_t)n) == 0)
			continue;
		tap_note("byte %zu of \"%s\" as 0x%02zx: not read again",
		    i / 256, good, i % 256);
		return -1;
	}
	return count;
}

#endif /* EVERY_BYTE_H */
