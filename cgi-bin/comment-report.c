/* SPDX-License-Identifier: MIT */
/*
 * comment-report -- tell the moderators of a comment.
 *
 *	POST /api/articles/:slug/comments/:id/reports
 *			{"report":{"reason": str, "details": str|null}}
 *	    reason	spam, abuse, illegal or other
 *	    details	up to 1000 characters
 *
 *	201	{"report":{...}}
 *	200	the same, as it stands: one's own about that comment is open
 *	401	no token, or not a valid one
 *	404	no article has this slug, or it no such comment
 *	422	no such reason, or details too long or no text
 */
#include "article.h"
#include "comment-report.sql.h"
#include "comment.h"
#include "fn.h"
#include "moderation.h"

enum { SLUG, ID, REASON, DETAILS };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
    [ID] = {COMMENT_ID_INPUT},
    [REASON] = {MODERATION_REPORT_REASON_INPUT},
    [DETAILS] = {MODERATION_REPORT_DETAILS_INPUT},
};

static enum http_status
comment_report(struct req *req, struct reply *reply)
{
	struct db_rows *report;

	report = req_query(req, &insert,
	    DB_ARGS(req_text(req, SLUG), req->user_id, req_text(req, REASON),
	        req_text(req, DETAILS), req_text(req, ID)));
	if (report->n == 0)
		return reply_not_found(reply, "article");
	if (db_is_null(report, 0, "id"))
		return reply_not_found(reply, "comment");
	return moderation_reply_report(reply, report);
}

FN_DESCRIPTOR(comment_report) = {
    .route = "POST /api/articles/:slug/comments/:id/reports",
    .about = "Tell the moderators of a comment.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .rate = "report",
    .body_root = "report",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_CREATED, "the report", MODERATION_REPORT_SHAPE),
        FN_ANSWER(
            HTTP_OK, "one's own that is still open", MODERATION_REPORT_SHAPE),
        FN_REFUSAL(
            HTTP_NOT_FOUND, "no article has this slug, or it no such comment")),
    .statements = statements,
    .handle = comment_report,
};
