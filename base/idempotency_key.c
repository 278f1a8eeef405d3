/* SPDX-License-Identifier: MIT */
/* idempotency_key -- see idempotency_key.h. */
#include "idempotency_key.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct span
without_blanks(struct span text)
{
	while (text.len > 0 && is_blank(text.at[0])) {
		text.at++;
		text.len--;
	}
	while (text.len > 0 && is_blank(text.at[text.len - 1]))
		text.len--;
	return text;
}

static bool
is_visible(char c)
{
	return c > ' ' && c < 0x7f;
}

/* Behind a backslash stands what would end the string, or a backslash. */
size_t
idempotency_key_read(struct span header, char out[IDEMPOTENCY_KEY_MAX + 1])
{
	struct span text = without_blanks(header);
	bool quoted = text.len > 0 && text.at[0] == '"';
	size_t n = 0;

	if (quoted) {
		if (text.len < 2 || text.at[text.len - 1] != '"')
			return 0;
		text = (struct span){text.at + 1, text.len - 2};
	}
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (quoted && c == '"')
			return 0;
		if (quoted && c == '\\') {
			if (++i == text.len)
				return 0;
			c = text.at[i];
			if (c != '"' && c != '\\')
				return 0;
		}
		if (!is_visible(c) || n == IDEMPOTENCY_KEY_MAX)
			return 0;
		out[n++] = c;
	}
	out[n] = '\0';
	return n;
}
