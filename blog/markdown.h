/* SPDX-License-Identifier: MIT */
/*
 * markdown -- Markdown (CommonMark) as HTML that can stand in a page, and how
 * long it takes to read.
 *
 * In: UTF-8 from anybody.  Out: HTML in which there is no script: raw HTML is
 * left out, and a link of a scheme that can run something (javascript,
 * vbscript, file, data but for images) leads nowhere.  Images stay, wherever
 * they are.
 *
 * Bounded: some 0.3 s and 40 MiB for the worst text of MARKDOWN_MAX characters
 * (doc/dependencies.md).  Only who calls this links libcmark: give it
 * $(CMARK_LIBS).
 */
#ifndef MARKDOWN_H
#define MARKDOWN_H

#include "base.h"

struct arena;

enum {
	MARKDOWN_MAX = 200000, /* characters: of the longest article */
	MARKDOWN_HTML_MAX = 3 * 1024 * 1024, /* bytes: with the body, and both
	                                      * escaped once more for JSON, it
	                                      * fits a reply */
	/* Images times brackets that close: libcmark 0.30 goes through all of
	 * the one at each of the other, 150 ms for so many. */
	MARKDOWN_BRACKETS_MAX = 20 * 1000 * 1000,
	MARKDOWN_WORDS_PER_MINUTE = 238, /* silent reading of English: Brysbaert
	                                  * 2019, a mean of 190 studies */
};

/* The HTML, in arena.  What is beyond these limits is one <pre> with the text
 * as it is. */
struct span markdown_html(struct arena *arena, struct span text);

/* Minutes to read it, 1 or more.  A word is what stands between white space; of
 * scripts without spaces (Han, Kana) each character is one. */
int64_t markdown_minutes(struct span text);

#endif /* MARKDOWN_H */
