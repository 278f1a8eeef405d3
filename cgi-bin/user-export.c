/* SPDX-License-Identifier: MIT */
/*
 * user-export -- all that is one's own, in parts.
 *
 *	GET /api/user/export?after=
 *	    after	from the Link header of the part before
 *
 *	200	{"export":{"account":{...},"articles":[...],"comments":[...],
 *		"favorites":[...],"following":[...],"sessions":[...]}}: articles
 *		with their bodies, drafts too; favourites by their slug, null
 *		while it is a draft of somebody else or hidden, those that one
 *		follows by name.  What is not in this part is an empty list; a
 *		Link header names the next part, if there is one
 *	401, 422	no valid token; no such after
 */
#include <stdlib.h>

#include "fn.h"
#include "page.h"
#include "user-export.sql.h"

enum {
	/* Of JSON, from which on nothing more is asked for: one more step, of
	 * half a MiB of text or one article, fits the reply, escaped or not. */
	PART_BYTES = 1024 * 1024,
	STEPS = 50, /* statements of a part */
};
enum { AFTER };

static const struct fn_input inputs[] = {
    [AFTER] = {PAGE_AFTER},
};

static const struct {
	const char *key;
	const struct db_statement *statement;
} lists[] = {
    {"articles", &articles},
    {"comments", &comments},
    {"favorites", &favorites},
    {"following", &following},
    {"sessions", &sessions},
};

/* Where a part begins, and has come to: behind this id, twice. */
struct place {
	size_t list;
	const char *id;
	int64_t last;
	int steps;
};

/* One list, from where place is; true: the part is full before its end. */
static bool
write_rest(struct req *req, struct reply *reply, struct place *place)
{
	struct db_rows *rows;

	do {
		rows = req_query(req, lists[place->list].statement,
		    DB_ARGS(req->user_id, place->id));
		if (rows->n == 0) {
			place->list++;
			place->id = "0";
			return false;
		}
		for (int i = 0; i < rows->n; i++)
			db_write_row(&reply->out, NULL, rows, i);
		place->last = db_int(rows, rows->n - 1, "id");
		place->id = db_as_text(rows, rows->n - 1, "id");
	} while (++place->steps < STEPS && reply->out.buf.len < PART_BYTES);
	return true;
}

static enum http_status
user_export(struct req *req, struct reply *reply)
{
	struct page_place after = page_after(req, AFTER);
	bool given = req_has(req, AFTER), full = false;
	struct place place = {
	    .list = given ? strtoul(after.time_us, NULL, 10) : 0,
	    .id = given ? after.id : "0",
	};
	struct db_rows *user;

	user = req_query(req, &account, DB_ARGS(req->user_id));
	if (user->n == 0)
		return reply_no_user(reply);
	out_begin(&reply->out, NULL);
	out_begin(&reply->out, "export");
	db_write_row(&reply->out, "account", user, 0);
	for (size_t i = 0; i < LENGTH(lists); i++) {
		out_list(&reply->out, lists[i].key);
		if (i == place.list && !full)
			full = write_rest(req, reply, &place);
		out_end(&reply->out);
	}
	out_end(&reply->out);
	out_end(&reply->out);
	if (full)
		page_link(req, reply, (int64_t)place.list, place.last);
	return HTTP_OK;
}

FN_DESCRIPTOR(user_export) = {
    .route = "GET /api/user/export",
    .about = "All that is one's own, in parts.",
    .auth = FN_REQUIRED,
    .role = FN_ACCOUNT,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_OK, "a part of it",
        "{export: {account: any, articles: [any], comments: [any],"
        " favorites: [any], following: [any], sessions: [any]}}")),
    .statements = statements,
    .no_etag = true,
    .limits = {.reply_max_bytes = 8 * 1024 * 1024 - 64 * 1024,
        .queries = STEPS + 8},
    .handle = user_export,
};
