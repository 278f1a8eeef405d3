/* SPDX-License-Identifier: MIT */
/* html -- see html.h. */
#include "html.h"

#include "markup.h"

/* What a byte becomes; NULL: it stays.  The number for ' is shorter than its
 * name, and older browsers know it. */
static const char *const entities[256] = {
    ['&'] = "&amp;",
    ['<'] = "&lt;",
    ['>'] = "&gt;",
    ['"'] = "&quot;",
    ['\''] = "&#39;",
};

void
html_text(struct buf *b, struct span text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char *entity = entities[(unsigned char)text.at[i]];

		if (entity == NULL)
			continue;
		buf_add(b, text.at + from, i - from);
		buf_text(b, entity);
		from = i + 1;
	}
	if (from < text.len)
		buf_add(b, text.at + from, text.len - from);
}

void
html_format(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	markup_format(b, html_text, fmt, ap);
	va_end(ap);
}
