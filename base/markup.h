/* SPDX-License-Identifier: MIT */
/*
 * markup -- what html.c and xml.c have in common: a format whose texts are
 * always escaped.
 *
 * In the format, a literal, there may be %s, %d, %ld, %lld, %zu and %%, and so
 * PRId64.  Anything else, a width included, is a bug of the caller: the buffer
 * fails with b->misused, which reply.h turns into an abort of the function.
 */
#ifndef MARKUP_H
#define MARKUP_H

#include <stdarg.h>

#include "buf.h"

/* Write fmt, each %s by text; NULL is written as nothing. */
void markup_format(struct buf *b, void (*text)(struct buf *b, struct span s),
    const char *fmt, va_list ap);

#endif /* MARKUP_H */
