/* SPDX-License-Identifier: MIT */
/* etag -- see etag.h. */
#include "etag.h"

#include <string.h>

/* etagc of RFC 9110, 8.8.3: no blank, no quote, no control character. */
static bool
is_tag_byte(char c)
{
	unsigned char byte = (unsigned char)c;

	return byte > ' ' && byte != '"' && byte != 0x7f;
}

/* A tag off the front of the list. */
static bool
take_tag(struct span *list, struct span *tag, bool *weak)
{
	const char *at = list->at, *end = at + list->len, *from;

	*weak = end - at >= 2 && at[0] == 'W' && at[1] == '/';
	if (*weak)
		at += 2;
	if (at == end || *at != '"')
		return false;
	from = ++at;
	while (at < end && is_tag_byte(*at))
		at++;
	if (at == end || *at != '"')
		return false;
	*tag = (struct span){from, (size_t)(at - from)};
	*list = (struct span){at + 1, (size_t)(end - at - 1)};
	return true;
}

/* Blanks and commas: a list may have empty parts (RFC 9110, 5.6.1.2).  Whether
 * there was a comma. */
static bool
skip_commas(struct span *list)
{
	bool comma = false;

	while (list->len > 0 &&
	       (*list->at == ' ' || *list->at == '\t' || *list->at == ',')) {
		comma = comma || *list->at == ',';
		list->at++;
		list->len--;
	}
	return comma;
}

bool
etag_next(struct span *list, struct span *tag, bool *weak)
{
	skip_commas(list);
	if (!take_tag(list, tag, weak))
		return false;
	/* What follows a tag without a comma is none. */
	if (!skip_commas(list))
		list->len = 0;
	return true;
}

bool
etag_is_listed(struct span list, struct span tag)
{
	struct span one;
	bool weak;

	skip_commas(&list);
	if (list.len == 1 && *list.at == '*')
		return true;
	while (etag_next(&list, &one, &weak))
		if (one.len == tag.len &&
		    (tag.len == 0 || memcmp(one.at, tag.at, tag.len) == 0))
			return true;
	return false;
}
