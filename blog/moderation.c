/* SPDX-License-Identifier: MIT */
/* moderation -- see moderation.h. */
#include "moderation.h"

#include "article.h"

enum http_status
moderation_done(struct reply *reply, struct db_rows *rows)
{
	if (!db_is_null(rows, 0, "missing"))
		return reply_not_found(reply, db_text(rows, 0, "missing"));
	return HTTP_NO_CONTENT;
}

enum http_status
moderation_done_user(struct reply *reply, struct db_rows *rows)
{
	if (db_is_null(rows, 0, "missing") && !db_bool(rows, 0, "below"))
		return reply_error(
		    reply, HTTP_FORBIDDEN, "profile", "forbidden");
	return moderation_done(reply, rows);
}

enum http_status
moderation_reply_role(struct reply *reply, struct db_rows *rows)
{
	out_begin(&reply->out, NULL);
	out_begin(&reply->out, "user");
	out_span(&reply->out, "username", db_span(rows, 0, "username"));
	out_span(&reply->out, "role", db_span(rows, 0, "role"));
	out_end(&reply->out);
	out_end(&reply->out);
	return HTTP_OK;
}

/* What everybody sees of a report. */
static void
write_report(struct out *o, struct db_rows *rows, int row)
{
	out_int(o, "id", db_int(rows, row, "id"));
	out_span(o, "status", db_span(rows, row, "status"));
	out_span(o, "reason", db_span(rows, row, "reason"));
	out_span(o, "details", db_span(rows, row, "details"));
	article_write_time(o, "createdAt", db_time(rows, row, "created_at"));
}

enum http_status
moderation_reply_report(struct reply *reply, struct db_rows *rows)
{
	out_begin(&reply->out, NULL);
	out_begin(&reply->out, "report");
	write_report(&reply->out, rows, 0);
	out_end(&reply->out);
	out_end(&reply->out);
	return db_bool(rows, 0, "fresh") ? HTTP_CREATED : HTTP_OK;
}

static void
write_comment_id(struct out *o, struct db_rows *rows, int row)
{
	if (db_is_null(rows, row, "comment_id"))
		out_null(o, "commentId");
	else
		out_int(o, "commentId", db_int(rows, row, "comment_id"));
}

void
moderation_write_case(
    struct out *o, const char *key, struct db_rows *rows, int row)
{
	out_begin(o, key);
	write_report(o, rows, row);
	out_span(o, "resolution", db_span(rows, row, "resolution"));
	if (db_is_null(rows, row, "closed_at"))
		out_null(o, "closedAt");
	else
		article_write_time(
		    o, "closedAt", db_time(rows, row, "closed_at"));
	out_span(o, "reporter", db_span(rows, row, "reporter"));
	out_span(o, "author", db_span(rows, row, "author"));
	out_span(o, "slug", db_span(rows, row, "slug"));
	out_span(o, "title", db_span(rows, row, "title"));
	write_comment_id(o, rows, row);
	out_span(o, "comment", db_span(rows, row, "comment"));
	out_bool(o, "hidden", db_bool(rows, row, "hidden"));
	out_end(o);
}

void
moderation_write_log(
    struct out *o, const char *key, struct db_rows *rows, int row)
{
	out_begin(o, key);
	out_int(o, "id", db_int(rows, row, "id"));
	article_write_time(o, "createdAt", db_time(rows, row, "created_at"));
	out_span(o, "moderator", db_span(rows, row, "moderator"));
	out_span(o, "action", db_span(rows, row, "action"));
	out_span(o, "username", db_span(rows, row, "username"));
	out_span(o, "slug", db_span(rows, row, "slug"));
	write_comment_id(o, rows, row);
	out_span(o, "outcome", db_span(rows, row, "outcome"));
	out_span(o, "reason", db_span(rows, row, "reason"));
	out_end(o);
}
