/* SPDX-License-Identifier: MIT */
/* csv -- see csv.h. */
#include "csv.h"

#include <string.h>

static void
quote_field(struct buf *b, const char *field)
{
	const char *quote;

	buf_add(b, "\"", 1);
	for (quote = strchr(field, '"'); quote != NULL;
	     quote = strchr(field, '"')) {
		buf_add(b, field, (size_t)(quote + 1 - field));
		buf_add(b, "\"", 1);
		field = quote + 1;
	}
	buf_text(b, field);
	buf_add(b, "\"", 1);
}

/* Blanks belong to a field (RFC 4180, 2.4), but readers differ. */
static bool
needs_quotes(const char *field)
{
	size_t len = strlen(field);

	return strpbrk(field, "\",\r\n") != NULL ||
	       (len > 0 && (strchr(" \t", field[0]) != NULL ||
	                       strchr(" \t", field[len - 1]) != NULL));
}

void
csv_row(struct buf *b, const char *const *fields, int n)
{
	for (int i = 0; i < n; i++) {
		const char *field = fields[i] != NULL ? fields[i] : "";

		if (i > 0)
			buf_add(b, ",", 1);
		if ((n == 1 && *field == '\0') || needs_quotes(field))
			quote_field(b, field);
		else
			buf_text(b, field);
	}
	buf_add(b, "\r\n", 2);
}
