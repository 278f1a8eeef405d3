/* SPDX-License-Identifier: MIT */
/* site -- see site.h. */
#include "site.h"

#include <string.h>

#include "arena.h"
#include "setting.h"
#include "url.h"

const char *
site_url(struct arena *arena, const char *path, const char *segment)
{
	const char *base = setting_text(SETTING_SITE_URL);
	size_t len = strlen(base);
	char *encoded =
	    arena_alloc(arena, URL_ENCODED_MAX(strlen(segment)) + 1);

	while (len > 0 && base[len - 1] == '/')
		len--;
	encoded[url_encode(segment, URL_UNRESERVED, encoded)] = '\0';
	return arena_format(arena, "%.*s%s%s", (int)len, base, path, encoded);
}
