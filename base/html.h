/* SPDX-License-Identifier: MIT */
/*
 * html -- HTML that holds texts from outside, which stay text.
 *
 *	html_format(b, "<a href=\"/hats/%ld\" title=\"%s\">%s</a>\n",
 *	    id, label, name);
 *
 * A text may stand between tags and in an attribute's value, in quotes of
 * either kind.  It may not stand in <script> or <style>, in an attribute
 * without quotes, in a comment, or as the scheme of a URL ("javascript:"): no
 * escaping makes it harmless there.
 * Source: HTML Living Standard, 13.1.2.3 and 13.3.
 */
#ifndef HTML_H
#define HTML_H

#include "buf.h"

/* The text with & < > " ' as entities.  Bytes beyond ASCII stay as they are. */
void html_text(struct buf *b, struct span text);

/* printf with %s %d %ld %lld %zu %% alone, each %s by html_text(): markup.h. */
void html_format(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif /* HTML_H */
