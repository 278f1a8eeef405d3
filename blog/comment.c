/* SPDX-License-Identifier: MIT */
/* comment -- see comment.h. */
#include "comment.h"

#include "account.h"
#include "article.h"

void
comment_write(struct out *o, const char *key, struct db_rows *rows, int row,
    bool following)
{
	out_begin(o, key);
	out_int(o, "id", db_int(rows, row, "id"));
	article_write_time(o, "createdAt", db_time(rows, row, "created_at"));
	article_write_time(o, "updatedAt", db_time(rows, row, "updated_at"));
	out_span(o, "body", db_span(rows, row, "body"));
	out_begin(o, "author");
	account_write_profile(o, rows, row, following);
	out_end(o);
	out_end(o);
}
