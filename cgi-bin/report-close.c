/* SPDX-License-Identifier: MIT */
/*
 * report-close -- say what has become of a report.
 *
 *	PUT /api/moderation/reports/:id
 *			{"report":{"status": "closed", "resolution": str}}
 *	    resolution	accepted or rejected
 *
 *	200	{"report":{...}}
 *	401	no token, or not a valid one
 *	403	the user is no moderator
 *	404	there is no such report
 *	409	it is closed: somebody was faster
 *	422	no such status or resolution
 */
#include "fn.h"
#include "moderation.h"
#include "report-close.sql.h"

enum { ID, STATUS, RESOLUTION };

static const struct fn_input inputs[] = {
    [ID] = {.name = "id",
        .in = FN_PATH,
        .type = FN_INT,
        .min = 1,
        .max = INT64_MAX,
        .about = "of the report"},
    [STATUS] = {.name = "status",
        .in = FN_BODY,
        .type = FN_CHOICE,
        .required = true,
        .choices = "closed",
        .about = "what it is to be"},
    [RESOLUTION] = {.name = "resolution",
        .in = FN_BODY,
        .type = FN_CHOICE,
        .required = true,
        .choices = "accepted rejected",
        .about = "whether it was right"},
};

static enum http_status
report_close(struct req *req, struct reply *reply)
{
	struct db_rows *report;

	report = req_query(req, &close_it,
	    DB_ARGS(
	        req->user_id, req_text(req, ID), req_text(req, RESOLUTION)));
	if (!db_bool(report, 0, "found"))
		return reply_not_found(reply, "report");
	if (db_is_null(report, 0, "id"))
		return reply_error(reply, HTTP_CONFLICT, "report", "is closed");
	out_begin(&reply->out, NULL);
	moderation_write_case(&reply->out, "report", report, 0);
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(report_close) = {
    .route = "PUT /api/moderation/reports/:id",
    .about = "Say what has become of a report.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .body_root = "report",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_OK, "the report, closed",
                              "{report: " MODERATION_CASE_SHAPE "}"),
        FN_REFUSAL(HTTP_FORBIDDEN, "the user is no moderator"),
        FN_REFUSAL(HTTP_NOT_FOUND, "there is no such report"),
        FN_REFUSAL(HTTP_CONFLICT, "it is closed")),
    .statements = statements,
    .handle = report_close,
};
