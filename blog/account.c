/* SPDX-License-Identifier: MIT */
/* account -- see account.h. */
#include "account.h"

#include "arena.h"
#include "log.h"
#include "setting.h"
#include "stamp.h"
#include "token.h"

static const char *
sign(struct arena *arena, int64_t user_id, int64_t session_id, enum setting ttl)
{
	const struct token token = {user_id, session_id};
	char text[TOKEN_MAX_BYTES];
	const char *secret;
	size_t len;

	secret = setting_text(SETTING_TOKEN_SECRET);
	if (secret == NULL) {
		log_error("MAYFLY_TOKEN_SECRET is not set");
		return NULL;
	}
	len =
	    token_sign(secret, &token, stamp_unix_s(), setting_int(ttl), text);
	return len > 0 ? arena_copy(arena, text, len) : NULL;
}

const char *
account_token(struct arena *arena, int64_t user_id, int64_t session_id)
{
	return sign(arena, user_id, session_id, SETTING_TOKEN_TTL_S);
}

const char *
account_access_token(struct arena *arena, int64_t user_id, int64_t session_id)
{
	return sign(arena, user_id, session_id, SETTING_ACCESS_TTL_S);
}

const char *
account_session_s(struct arena *arena)
{
	return arena_format(
	    arena, "%lld", (long long)setting_int(SETTING_TOKEN_TTL_S));
}

enum http_status
account_no_secret(struct reply *reply)
{
	return reply_error(
	    reply, HTTP_INTERNAL_SERVER_ERROR, "server", "is not configured");
}

enum http_status
account_taken(struct reply *reply, struct db_rows *rows)
{
	bool email = strcmp(db_constraint(rows), "account_email_key") == 0;

	return reply_error(reply, HTTP_CONFLICT, email ? "email" : "username",
	    "has already been taken");
}

enum http_status
account_reply_profile(struct reply *reply, struct db_rows *rows)
{
	if (rows->n == 0)
		return reply_not_found(reply, "profile");
	out_begin(&reply->out, NULL);
	out_begin(&reply->out, "profile");
	account_write_profile(
	    &reply->out, rows, 0, db_bool(rows, 0, "following"));
	out_end(&reply->out);
	out_end(&reply->out);
	return HTTP_OK;
}

void
account_write(struct out *o, struct db_rows *rows, const char *token)
{
	out_begin(o, "user");
	out_span(o, "username", db_span(rows, 0, "username"));
	out_span(o, "email", db_span(rows, 0, "email"));
	out_span(o, "bio", db_span(rows, 0, "bio"));
	out_span(o, "image", db_span(rows, 0, "image"));
	out_text(o, "token", token);
	out_end(o);
}

enum http_status
account_reply(struct reply *reply, enum http_status status,
    struct db_rows *rows, const char *token)
{
	if (rows->n == 0)
		return reply_no_user(reply);
	if (token == NULL)
		return account_no_secret(reply);
	out_begin(&reply->out, NULL);
	account_write(&reply->out, rows, token);
	out_end(&reply->out);
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
