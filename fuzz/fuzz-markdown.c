/* SPDX-License-Identifier: MIT */
/*
 * fuzz-markdown -- any UTF-8 as Markdown.  What must hold: the HTML has nothing
 * that could run, by a reader of its own (tests/safe_html.h), is UTF-8, and is
 * the same each time; the minutes are between 1 and the bytes.
 */
#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/safe_html.h"
#include "arena.h"
#include "markdown.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new(64 << 20);
	struct span text = {(const char *)data, len}, html, again;
	int64_t minutes;

	if (utf8_length(text.at, len) >= 0 && memchr(data, 0, len) == NULL) {
		html = markdown_html(arena, text);
		assert(strlen(html.at) == html.len);
		assert(find_unsafe(html.at) == NULL);
		assert(utf8_length(html.at, html.len) >= 0);
		again = markdown_html(arena, text);
		assert(again.len == html.len);
		assert(memcmp(again.at, html.at, html.len) == 0);
	}
	minutes = markdown_minutes(text);
	assert(minutes >= 1 && (uint64_t)minutes <= 1 + len);
	arena_free(arena);
	return 0;
}
