/* SPDX-License-Identifier: MIT */
/* mail -- see mail.h. */
#include "mail.h"

#include <string.h>

#include "arena.h"
#include "secret.h"

struct db_rows *
mail_send(struct req *req, const struct db_statement *statement, const char *to,
    int lasts_s)
{
	const char *token = secret_new(req->arena);

	return req_query(req, statement,
	    DB_ARGS(to, token,
	        secret_hash(req->arena, (struct span){token, strlen(token)}),
	        arena_format(req->arena, "%d", lasts_s)));
}

const char *
mail_token(struct req *req, int input)
{
	const char *text = req_text(req, input);

	return secret_hash(req->arena, (struct span){text, strlen(text)});
}

enum http_status
mail_no_token(struct reply *reply)
{
	return reply_invalid(reply, "token", "is invalid or has expired");
}
