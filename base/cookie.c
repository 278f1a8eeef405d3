/* SPDX-License-Identifier: MIT */
/* cookie -- see cookie.h. */
#include "cookie.h"

#include <string.h>

#include "url.h"

/* Without blanks at both ends. */
static struct span
strip(struct span s)
{
	while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t')) {
		s.at++;
		s.len--;
	}
	while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* The bytes up to c, or all of them; c and they are taken off rest. */
static struct span
take_until(struct span *rest, char c)
{
	const char *found = memchr(rest->at, c, rest->len);
	struct span part = *rest;

	if (found != NULL)
		part.len = (size_t)(found - rest->at);
	rest->at += part.len + (found != NULL);
	rest->len -= part.len + (found != NULL);
	return part;
}

bool
cookie_next(struct span *rest, struct span *name, struct span *value)
{
	struct span part, before;

	while (rest->len > 0) {
		part = take_until(rest, ';');
		if (part.len == 0 || memchr(part.at, '=', part.len) == NULL)
			continue;
		before = strip(take_until(&part, '='));
		if (before.len == 0)
			continue;
		part = strip(part);
		if (part.len >= 2 && part.at[0] == '"' &&
		    part.at[part.len - 1] == '"')
			part = (struct span){part.at + 1, part.len - 2};
		*name = before;
		*value = part;
		return true;
	}
	return false;
}

size_t
cookie_decode(struct span value, char *out)
{
	ptrdiff_t len = url_decode(value, false, out);

	if (len >= 0)
		return (size_t)len;
	if (value.len > 0)
		memcpy(out, value.at, value.len);
	out[value.len] = '\0';
	return value.len;
}
