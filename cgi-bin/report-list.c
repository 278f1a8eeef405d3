/* SPDX-License-Identifier: MIT */
/*
 * report-list -- what moderators have been told of, newest first.
 *
 *	GET /api/moderation/reports?status=open&limit=20&after=
 *	    status	open or closed
 *	    limit	at most so many; above 100 it counts as 100
 *	    after	from the Link header of the page before
 *
 *	200	{"reports":[...]}; a Link header names the next page
 *	401	no token, or not a valid one
 *	403	the user is no moderator
 *	422	no such status, limit below 1 or no integer, or no such after
 */
#include "fn.h"
#include "moderation.h"
#include "page.h"
#include "report-list.sql.h"

enum { STATUS, LIMIT, AFTER };

static const struct fn_input inputs[] = {
    [STATUS] = {.name = "status",
        .in = FN_QUERY,
        .type = FN_CHOICE,
        .choices = "open closed",
        .or_else = "open",
        .about = "those that wait, or those that are done"},
    [LIMIT] = {PAGE_LIMIT(MODERATION_PAGE_MAX, "20")},
    [AFTER] = {PAGE_AFTER},
};

static enum http_status
report_list(struct req *req, struct reply *reply)
{
	struct db_rows *page;

	page = req_query(req, &newest,
	    DB_ARGS(req->user_id, req_text(req, STATUS), req_text(req, LIMIT),
	        page_after(req, AFTER).id));
	return page_reply(
	    req, reply, page, LIMIT, "reports", moderation_write_case);
}

FN_DESCRIPTOR(report_list) = {
    .route = "GET /api/moderation/reports",
    .about = "The reports, newest first, for moderators.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER, /* a reader sees none of it */
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_OK, "newest first",
                              "{reports: [" MODERATION_CASE_SHAPE "]}"),
        FN_REFUSAL(HTTP_FORBIDDEN, "the user is no moderator")),
    .statements = statements,
    .handle = report_list,
};
