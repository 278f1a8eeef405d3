/* SPDX-License-Identifier: MIT */
/*
 * article-report -- tell the moderators of an article.
 *
 *	POST /api/articles/:slug/reports
 *			{"report":{"reason": str, "details": str|null}}
 *	    reason	spam, abuse, illegal or other
 *	    details	up to 1000 characters
 *
 *	201	{"report":{...}}
 *	200	the same, as it stands: one's own about this article is open
 *	401	no token, or not a valid one
 *	404	no article has this slug
 *	422	no such reason, or details too long or no text
 */
#include "article-report.sql.h"
#include "article.h"
#include "fn.h"
#include "moderation.h"

enum { SLUG, REASON, DETAILS };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
    [REASON] = {MODERATION_REPORT_REASON_INPUT},
    [DETAILS] = {MODERATION_REPORT_DETAILS_INPUT},
};

static enum http_status
article_report(struct req *req, struct reply *reply)
{
	struct db_rows *report;

	report = req_query(req, &insert,
	    DB_ARGS(req_text(req, SLUG), req->user_id, req_text(req, REASON),
	        req_text(req, DETAILS)));
	if (report->n == 0)
		return reply_not_found(reply, "article");
	return moderation_reply_report(reply, report);
}

FN_DESCRIPTOR(article_report) = {
    .route = "POST /api/articles/:slug/reports",
    .about = "Tell the moderators of an article.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .rate = "report",
    .body_root = "report",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(
        FN_ANSWER(HTTP_CREATED, "the report", MODERATION_REPORT_SHAPE),
        FN_ANSWER(
            HTTP_OK, "one's own that is still open", MODERATION_REPORT_SHAPE),
        FN_REFUSAL(HTTP_NOT_FOUND, "no article has this slug")),
    .statements = statements,
    .handle = article_report,
};
