/* SPDX-License-Identifier: MIT */
/* account -- see account.h. */
#include "account.h"

#include "arena.h"
#include "log.h"
#include "setting.h"
#include "stamp.h"
#include "token.h"

const char *
account_token(struct arena *arena, int64_t id)
{
	char text[TOKEN_MAX_BYTES];
	const char *secret;
	size_t len;

	secret = setting_text(SETTING_TOKEN_SECRET);
	if (secret == NULL) {
		log_error("MAYFLY_TOKEN_SECRET is not set");
		return NULL;
	}
	len = token_sign(
	    secret, id, stamp_unix_s(), setting_int(SETTING_TOKEN_TTL_S), text);
	return len > 0 ? arena_copy(arena, text, len) : NULL;
}

enum http_status
account_reply(struct reply *reply, enum http_status status,
    struct db_rows *rows, const char *token)
{
	struct out *o = &reply->out;

	if (token == NULL)
		return reply_error(reply, HTTP_INTERNAL_SERVER_ERROR, "server",
		    "is not configured");
	out_begin(o, NULL);
	out_begin(o, "user");
	out_span(o, "username", db_span(rows, 0, "username"));
	out_span(o, "email", db_span(rows, 0, "email"));
	out_span(o, "bio", db_span(rows, 0, "bio"));
	out_span(o, "image", db_span(rows, 0, "image"));
	out_text(o, "token", token);
	out_end(o);
	out_end(o);
	return status;
}

void
account_write_profile(
    struct out *o, struct db_rows *rows, int row, bool following)
{
	out_span(o, "username", db_span(rows, row, "username"));
	out_span(o, "bio", db_span(rows, row, "bio"));
	out_span(o, "image", db_span(rows, row, "image"));
	out_bool(o, "following", following);
}
