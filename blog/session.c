/* SPDX-License-Identifier: MIT */
/* session -- see session.h. */
#include "session.h"

#include <string.h>

#include "account.h"
#include "arena.h"
#include "password.h"
#include "rate.h"
#include "secret.h"
#include "setting.h"

const char *
session_idle_s(struct arena *arena)
{
	return arena_format(arena, "%d", SESSION_IDLE_S);
}

const char *
session_age_max_s(struct arena *arena)
{
	return arena_format(arena, "%d", SESSION_AGE_MAX_S);
}

struct session_refresh
session_refresh_read(struct arena *arena, const char *text)
{
	size_t family = strcspn(text, ".");
	const char *secret = text + family + (text[family] == '.');

	return (struct session_refresh){.text = text,
	    .family = secret_hash(arena, (struct span){text, family}),
	    .secret =
	        secret_hash(arena, (struct span){secret, strlen(secret)})};
}

struct session_refresh
session_refresh_new(struct arena *arena)
{
	return session_refresh_read(arena,
	    arena_format(arena, "%s.%s", secret_new(arena), secret_new(arena)));
}

struct session_refresh
session_refresh_next(struct arena *arena, const struct session_refresh *spent)
{
	return session_refresh_read(arena,
	    arena_format(arena, "%.*s.%s", (int)strcspn(spent->text, "."),
	        spent->text, secret_new(arena)));
}

enum http_status
session_reply(struct req *req, struct reply *reply, enum http_status status,
    struct db_rows *rows, const char *refresh)
{
	struct out *o = &reply->out;
	const char *access;

	access = account_access_token(req->arena, db_int(rows, 0, "account_id"),
	    db_int(rows, 0, "session_id"));
	if (access == NULL)
		return account_no_secret(reply);
	out_begin(o, NULL);
	out_begin(o, "session");
	out_int(o, "id", db_int(rows, 0, "session_id"));
	out_text(o, "accessToken", access);
	out_text(o, "refreshToken", refresh);
	out_int(o, "expiresIn", setting_int(SETTING_ACCESS_TTL_S));
	account_write(o, rows, access);
	out_end(o);
	out_end(o);
	return status;
}

enum http_status
session_no_login(struct reply *reply)
{
	return reply_error(reply, HTTP_UNAUTHORIZED, "credentials", "invalid");
}

enum http_status
session_login(struct req *req, struct reply *reply,
    const struct db_statement *by_email, const char *email,
    const char *password, struct db_rows **user)
{
	const char *account, *hash;

	*user = req_query(req, by_email, DB_ARGS(email));
	if (db_failed(*user))
		return session_no_login(reply); /* the library answers */
	account = db_text(*user, 0, "account");
	if (!rate_allows(req, reply, account))
		return HTTP_TOO_MANY_REQUESTS;
	hash = db_text(*user, 0, "password_hash");
	if (!password_matches(hash, password, strlen(password)))
		return session_no_login(reply);
	rate_forgive(req, account);
	return session_refuse(reply, *user);
}

enum http_status
session_refuse(struct reply *reply, struct db_rows *account)
{
	if (db_bool(account, 0, "suspended"))
		return reply_error(
		    reply, HTTP_FORBIDDEN, "account", "is suspended");
	return HTTP_OK;
}
