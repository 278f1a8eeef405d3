/* SPDX-License-Identifier: MIT */
/*
 * moderation-log -- what moderators have done, newest first.
 *
 *	GET /api/moderation/log?limit=20&after=
 *	    limit	at most so many; above 100 it counts as 100
 *	    after	from the Link header of the page before
 *
 *	200	{"log":[...]}; a Link header names the next page
 *	401	no token, or not a valid one
 *	403	the user is no moderator
 *	422	limit below 1 or no integer, or no such after
 */
#include "fn.h"
#include "moderation-log.sql.h"
#include "moderation.h"
#include "page.h"

enum { LIMIT, AFTER };

static const struct fn_input inputs[] = {
    [LIMIT] = {PAGE_LIMIT(MODERATION_PAGE_MAX, "20")},
    [AFTER] = {PAGE_AFTER},
};

static enum http_status
moderation_log(struct req *req, struct reply *reply)
{
	struct db_rows *page;

	page = req_query(req, &newest,
	    DB_ARGS(
	        req->user_id, req_text(req, LIMIT), page_after(req, AFTER).id));
	return page_reply(req, reply, page, LIMIT, "log", moderation_write_log);
}

FN_DESCRIPTOR(moderation_log) = {
    .route = "GET /api/moderation/log",
    .about = "What moderators have done, newest first.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER, /* a reader sees none of it */
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_OK, "newest first", "{log: [" MODERATION_LOG_SHAPE "]}"),
        FN_REFUSAL(HTTP_FORBIDDEN, "the user is no moderator")),
    .statements = statements,
    .handle = moderation_log,
};
