/* SPDX-License-Identifier: MIT */
/* article -- see article.h. */
#include "article.h"

#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "stamp.h"

bool
article_next_tag(const char **at, char *item)
{
	const char *s = *at;
	bool quoted;

	if (*s != '{' && *s != ',')
		return false;
	s++;
	if (*s == '}' || *s == '\0')
		return false;
	quoted = *s == '"';
	if (quoted)
		s++;
	while (*s != '\0' && (quoted ? *s != '"' : *s != ',' && *s != '}')) {
		if (*s == '\\')
			s++;
		if (*s == '\0')
			return false;
		*item++ = *s++;
	}
	*item = '\0';
	if (*s == '\0')
		return false;
	*at = quoted ? s + 1 : s;
	return true;
}

static void
write_tags(struct out *o, const char *array)
{
	char small[1024], *item = small;

	if (strlen(array) >= sizeof(small))
		item = xmalloc(strlen(array) + 1);
	out_list(o, "tagList");
	while (article_next_tag(&array, item))
		out_text(o, NULL, item);
	out_end(o);
	if (item != small)
		free(item);
}

static void
write_stamp(struct out *o, const char *key, const char *sql)
{
	char text[STAMP_TEXT_BYTES];

	if (sql == NULL || !stamp_from_sql(sql, text))
		abort(); /* not UTC, or not a timestamptz: our bug */
	out_text(o, key, text);
}

void
article_write(struct out *o, const char *key, struct db_rows *rows, int row,
    bool with_body)
{
	out_begin(o, key);
	out_text(o, "slug", db_text(rows, row, "slug"));
	out_text(o, "title", db_text(rows, row, "title"));
	out_text(o, "description", db_text(rows, row, "description"));
	if (with_body)
		out_text(o, "body", db_text(rows, row, "body"));
	write_tags(o, db_text(rows, row, "tag_list"));
	write_stamp(o, "createdAt", db_text(rows, row, "created_at"));
	write_stamp(o, "updatedAt", db_text(rows, row, "updated_at"));
	out_bool(o, "favorited", db_bool(rows, row, "favorited"));
	out_int(o, "favoritesCount", db_int(rows, row, "favorites_count"));
	out_begin(o, "author");
	account_write_profile(o, rows, row);
	out_end(o);
	out_end(o);
}
