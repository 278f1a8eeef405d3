/* SPDX-License-Identifier: MIT */
/*
 * slug -- an address part from a title, one character at a time.
 *
 * Each character is decomposed (NFKD).  One that turns out to be Latin, or a
 * sign that stands for letters ("㍿", "№"), goes on as its pieces, whose marks
 * are dropped; a letter of another script goes on whole, because its pieces
 * would be other letters: й is not и, が is not か.
 */
#include "slug.h"

#include <string.h>
#include <utf8proc.h>

enum {
	LATIN_LAST = 0x24f, /* the end of the block Latin Extended-B */
	PIECES_MAX = 32,    /* NFKD gives at most 18, for U+FDFA */
};

enum kind { LETTER, MARK, GAP };

struct writer {
	char *out;
	size_t len;
	bool gap;   /* something else came since the last letter */
	bool marks; /* the last letter keeps its marks */
	bool full;
};

static enum kind
kind_of(utf8proc_int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return LETTER;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return MARK;
	default:
		return GAP;
	}
}

static void
put_letter(struct writer *w, utf8proc_int32_t c)
{
	utf8proc_uint8_t bytes[4];
	size_t n = (size_t)utf8proc_encode_char(utf8proc_tolower(c), bytes);
	size_t dash = w->gap && w->len > 0 ? 1 : 0;

	if (w->full || w->len + dash + n > SLUG_MAX_BYTES) {
		w->full = true;
		return;
	}
	if (dash > 0)
		w->out[w->len++] = '-';
	memcpy(w->out + w->len, bytes, n);
	w->len += n;
	w->gap = false;
}

static void
feed(struct writer *w, utf8proc_int32_t c)
{
	switch (kind_of(c)) {
	case LETTER:
		put_letter(w, c);
		w->marks = c > LATIN_LAST;
		break;
	case MARK:
		if (w->marks)
			put_letter(w, c);
		break;
	case GAP:
		w->gap = true;
		w->marks = false;
		break;
	}
}

static void
feed_character(struct writer *w, utf8proc_int32_t c)
{
	utf8proc_int32_t pieces[PIECES_MAX];
	int boundary = 0; /* utf8proc wants it; only grapheme search reads it */
	utf8proc_ssize_t n = utf8proc_decompose_char(c, pieces, PIECES_MAX,
	    UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_IGNORE, &boundary);

	if (n < 0 || n > PIECES_MAX) {
		w->gap = true;
		return;
	}
	if (n > 0 && pieces[0] > LATIN_LAST && kind_of(c) == LETTER) {
		feed(w, c);
		return;
	}
	for (utf8proc_ssize_t i = 0; i < n; i++)
		feed(w, pieces[i]);
}

void
slug_from_title(const char *title, char out[SLUG_MAX_BYTES + 1])
{
	struct writer w = {.out = out};
	size_t left = strlen(title);

	while (left > 0 && !w.full) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n =
		    utf8proc_iterate((const utf8proc_uint8_t *)title,
		        (utf8proc_ssize_t)left, &c);

		if (n <= 0) {
			n = 1;
			c = 0; /* a control character: a gap */
		}
		feed_character(&w, c);
		title += n;
		left -= (size_t)n;
	}
	out[w.len] = '\0';
}
