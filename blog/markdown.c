/* SPDX-License-Identifier: MIT */
/* markdown -- see markdown.h. */
#include "markdown.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "html.h"
#include "utf8.h"

/* How often two characters stand there in a row; b is 0 for a alone. */
static int64_t
count_pairs(struct span text, char a, char b)
{
	int64_t n = 0;

	for (size_t i = 0; i + (b != 0) < text.len; i++)
		n += text.at[i] == a && (b == 0 || text.at[i + 1] == b);
	return n;
}

static bool
is_bounded(struct span text)
{
	ptrdiff_t characters = utf8_length(text.at, text.len);

	return characters >= 0 && characters <= MARKDOWN_MAX &&
	       count_pairs(text, '!', '[') * count_pairs(text, ']', 0) <=
	           MARKDOWN_BRACKETS_MAX;
}

static struct span
plain(struct arena *arena, struct span text)
{
	struct buf b = buf_new(SIZE_MAX / 2);
	struct span html;

	buf_text(&b, "<pre>");
	html_text(&b, text);
	buf_text(&b, "</pre>\n");
	html.len = b.failed ? 0 : b.len;
	html.at = arena_copy(arena, b.failed ? "" : b.data, html.len);
	buf_free(&b);
	return html;
}

struct span
markdown_html(struct arena *arena, struct span text)
{
	struct span html;
	char *made;

	if (!is_bounded(text))
		return plain(arena, text);
	/* Aborts when memory is out; the default is the safe mode. */
	made = cmark_markdown_to_html(text.at, text.len, CMARK_OPT_DEFAULT);
	html.len = strlen(made);
	if (html.len <= MARKDOWN_HTML_MAX)
		html.at = arena_copy(arena, made, html.len);
	else
		html = plain(arena, text);
	free(made);
	return html;
}

/* Of a script that has no spaces: Unicode 15, blocks of kana and ideographs. */
static bool
is_ideograph(int32_t c)
{
	return (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) ||
	       (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

static bool
is_white_space(int32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
	       c == 0x3000;
}

int64_t
markdown_minutes(struct span text)
{
	int64_t words = 0, minutes;
	bool inside = false;
	int32_t c;

	while (text.len > 0 && utf8_next(&text, &c)) {
		bool whole = is_ideograph(c);

		words += whole || (!is_white_space(c) && !inside);
		inside = !whole && !is_white_space(c);
	}
	minutes =
	    (words + MARKDOWN_WORDS_PER_MINUTE - 1) / MARKDOWN_WORDS_PER_MINUTE;
	return minutes > 1 ? minutes : 1;
}
