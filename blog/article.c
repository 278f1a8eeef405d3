/* SPDX-License-Identifier: MIT */
/* article -- see article.h. */
#include "article.h"

#include "account.h"
#include "arena.h"
#include "die.h"
#include "slug.h"
#include "stamp.h"
#include "uuid.h"

const char *
article_new_slug(struct arena *arena, const char *title)
{
	char slug[SLUG_MAX_BYTES + 1], uuid[UUID_TEXT_BYTES];

	slug_from_title(title, slug);
	if (!uuid_new(uuid)) /* its last group is 48 random bits */
		bug("no random bytes");
	return arena_format(arena, "%s%s%s", slug, slug[0] != '\0' ? "-" : "",
	    uuid + UUID_TEXT_BYTES - 1 - 12); /* that group */
}

static void
write_tags(struct out *o, struct pg_array tags)
{
	struct span tag;

	out_list(o, "tagList");
	while (pg_array_next(&tags, &tag))
		out_span(o, NULL, tag);
	out_end(o);
}

static void
write_time(struct out *o, const char *key, int64_t unix_us)
{
	char text[STAMP_TEXT_BYTES];

	if (!stamp_text(unix_us, text))
		bug("%s of a year beyond 9999", key);
	out_text(o, key, text);
}

void
article_write(struct out *o, const char *key, struct db_rows *rows, int row,
    unsigned parts)
{
	bool favorited = false, following = false;

	if ((parts & ARTICLE_VIEWER) != 0) {
		favorited = db_bool(rows, row, "favorited");
		following = db_bool(rows, row, "following");
	}
	out_begin(o, key);
	out_span(o, "slug", db_span(rows, row, "slug"));
	out_span(o, "title", db_span(rows, row, "title"));
	out_span(o, "description", db_span(rows, row, "description"));
	if ((parts & ARTICLE_BODY) != 0)
		out_span(o, "body", db_span(rows, row, "body"));
	write_tags(o, db_texts(rows, row, "tag_list"));
	write_time(o, "createdAt", db_time(rows, row, "created_at"));
	write_time(o, "updatedAt", db_time(rows, row, "updated_at"));
	out_bool(o, "favorited", favorited);
	out_int(o, "favoritesCount", db_int(rows, row, "favorites_count"));
	out_begin(o, "author");
	account_write_profile(o, rows, row, following);
	out_end(o);
	out_end(o);
}
