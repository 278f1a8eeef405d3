/* SPDX-License-Identifier: MIT */
/* comment -- see comment.h. */
#include "comment.h"

#include "account.h"
#include "article.h"

static void
write_comment(struct out *o, struct db_rows *rows, int row, bool following)
{
	out_int(o, "id", db_int(rows, row, "id"));
	article_write_time(o, "createdAt", db_time(rows, row, "created_at"));
	article_write_time(o, "updatedAt", db_time(rows, row, "updated_at"));
	out_span(o, "body", db_span(rows, row, "body"));
	out_begin(o, "author");
	account_write_profile(o, rows, row, following);
	out_end(o);
}

void
comment_write(struct out *o, const char *key, struct db_rows *rows, int row,
    bool following)
{
	out_begin(o, key);
	write_comment(o, rows, row, following);
	out_end(o);
}

static void
write_more_members(struct out *o, struct db_rows *rows, int row)
{
	write_comment(o, rows, row, db_bool(rows, row, "following"));
	if (db_is_null(rows, row, "parent_id"))
		out_null(o, "parentId");
	else
		out_int(o, "parentId", db_int(rows, row, "parent_id"));
	out_bool(o, "edited",
	    db_time(rows, row, "updated_at") >
	        db_time(rows, row, "created_at"));
}

void
comment_write_answer(
    struct out *o, const char *key, struct db_rows *rows, int row)
{
	out_begin(o, key);
	write_more_members(o, rows, row);
	out_end(o);
}

int
comment_write_thread(struct out *o, struct db_rows *rows, int row)
{
	int answer = row + 1;

	out_begin(o, NULL);
	write_more_members(o, rows, row);
	out_int(o, "repliesCount", db_int(rows, row, "replies_count"));
	out_list(o, "replies");
	for (; answer < rows->n && !db_is_null(rows, answer, "parent_id");
	     answer++)
		comment_write_answer(o, NULL, rows, answer);
	out_end(o);
	out_end(o);
	return answer;
}

enum http_status
comment_reply(
    struct reply *reply, enum http_status status, struct db_rows *rows)
{
	out_begin(&reply->out, NULL);
	comment_write(&reply->out, "comment", rows, 0, false);
	out_end(&reply->out);
	return status;
}

enum http_status
comment_refuse(struct reply *reply, struct db_rows *rows)
{
	if (rows->n == 0)
		return reply_not_found(reply, "article");
	if (db_is_null(rows, 0, "mine"))
		return reply_not_found(reply, "comment");
	if (!db_bool(rows, 0, "mine"))
		return reply_error(
		    reply, HTTP_FORBIDDEN, "comment", "forbidden");
	return HTTP_OK;
}
