/* SPDX-License-Identifier: MIT */
/* xml -- see xml.h. */
#include "xml.h"

#include "markup.h"
#include "utf8.h"

/* What stands for a character; NULL: it stays.  The Char of XML 1.0, 2.2;
 * utf8_next() gives no surrogates. */
static const char *
entity_of(int32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\r':
		return "&#13;";
	case '\t':
	case '\n':
		return NULL;
	default:
		return c < 0x20 || c == 0xfffe || c == 0xffff ? "\xef\xbf\xbd"
		                                              : NULL;
	}
}

void
xml_text(struct buf *b, struct span text)
{
	const char *from = text.at, *at, *entity;
	int32_t c;

	while (text.len > 0) {
		at = text.at;
		if (utf8_next(&text, &c)) {
			entity = entity_of(c);
		} else { /* not UTF-8: byte by byte */
			entity = "\xef\xbf\xbd";
			text = (struct span){at + 1, text.len - 1};
		}
		if (entity == NULL)
			continue;
		buf_add(b, from, (size_t)(at - from));
		buf_text(b, entity);
		from = text.at;
	}
	if (from < text.at)
		buf_add(b, from, (size_t)(text.at - from));
}

void
xml_format(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	markup_format(b, xml_text, fmt, ap);
	va_end(ap);
}
