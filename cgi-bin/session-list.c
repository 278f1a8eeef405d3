/* SPDX-License-Identifier: MIT */
/*
 * session-list -- where one is logged in, newest first.
 *
 *	GET /api/user/sessions?limit=20&after=
 *	    limit	at most so many; above 100 it counts as 100
 *	    after	from the Link header of the page before
 *
 *	200	{"sessions":[{"id","current","agent","address","createdAt",
 *		"usedAt","expiresAt"}]}: current is that of this request;
 *		usedAt when it was begun or last refreshed; agent and address
 *		of who began it, or null
 *	401	no token, or not a valid one
 */
#include "fn.h"
#include "page.h"
#include "session-list.sql.h"
#include "session.h"

enum { LIMIT, AFTER };

static const struct fn_input inputs[] = {
    [LIMIT] = {PAGE_LIMIT(SESSION_PAGE_MAX, "20")},
    [AFTER] = {PAGE_AFTER},
};

static enum http_status
session_list(struct req *req, struct reply *reply)
{
	struct page_place after = page_after(req, AFTER);
	struct db_rows *page;

	page = req_query(req, &mine,
	    DB_ARGS(
	        req->user_id, req->session_id, req_text(req, LIMIT), after.id));
	if (page->n > 0 && page->n == req_int(req, LIMIT))
		page_link(req, reply, db_time(page, page->n - 1, "createdAt"),
		    db_int(page, page->n - 1, "id"));
	return reply_rows(reply, HTTP_OK, "sessions", page);
}

FN_DESCRIPTOR(session_list) = {
    .route = "GET /api/user/sessions",
    .about = "Where one is logged in.",
    .auth = FN_REQUIRED,
    .role = FN_ACCOUNT,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_OK, "one's sessions",
        "{sessions: [{id: int, current: bool, agent: line?,"
        " address: line?, createdAt: time, usedAt: time,"
        " expiresAt: time}]}")),
    .statements = statements,
    .handle = session_list,
};
