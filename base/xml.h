/* SPDX-License-Identifier: MIT */
/*
 * xml -- XML 1.0 that holds texts from outside: feeds, site maps.
 *
 *	xml_format(b, "<title>%s</title>\n", title);
 *
 * A text may stand between tags and in an attribute's value, in quotes.  The
 * document says encoding="UTF-8", or nothing.
 * Source: XML 1.0 (fifth edition), 2.2 for what it can hold, 2.4 for entities,
 * 2.11 for why CR is written as a number.
 */
#ifndef XML_H
#define XML_H

#include "buf.h"

/*
 * The text with & < > " ' and CR as entities.  What XML cannot hold at all
 * (most control characters, U+FFFE, U+FFFF, bytes that are not UTF-8) becomes
 * U+FFFD, one for each character or byte: a reader would refuse the document.
 * In an attribute a reader takes a tab and a line end for blanks (3.3.3).
 */
void xml_text(struct buf *b, struct span text);

/* printf with %s %d %ld %lld %zu %% alone, each %s by xml_text(): markup.h. */
void xml_format(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif /* XML_H */
