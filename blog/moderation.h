/* SPDX-License-Identifier: MIT */
/*
 * moderation -- what moderators do: the inputs that several of their functions
 * have, the limits of these, and how reports, the log and roles are shown.
 *
 * Who is a moderator each statement asks itself, by require_role() of
 * sql/008-moderation.sql: 403 {"errors":{"user":["forbidden"]}}, whatever else
 * is found.  Their statements return the column missing: the thing that is not
 * there, as its 404 names it, or NULL.
 */
#ifndef MODERATION_H
#define MODERATION_H

#include "db.h"
#include "out.h"
#include "reply.h"

enum {
	MODERATION_REASON_MAX = 1000,  /* characters, as in sql/ */
	MODERATION_DETAILS_MAX = 1000, /* characters, as in sql/ */
	MODERATION_PAGE_MAX = 100,     /* reports, or lines of the log; of the
	                                * largest comments they fit a reply */
};

/* [REASON] = {MODERATION_REASON_INPUT, .in = FN_BODY, .required = true}, for
 * the log. */
#define MODERATION_REASON_INPUT                                                \
	.name = "reason", .type = FN_TEXT, .min = 1,                           \
	.max = MODERATION_REASON_MAX, .about = "why, for the log"

/* What somebody reports a thing for, and what becomes of it. */
#define MODERATION_REPORT_REASON_INPUT                                         \
	.name = "reason", .in = FN_BODY, .type = FN_CHOICE, .required = true,  \
	.choices = "spam abuse illegal other",                                 \
	.about = "what is wrong with it"
#define MODERATION_REPORT_DETAILS_INPUT                                        \
	.name = "details", .in = FN_BODY, .type = FN_TEXT, .nullable = true,   \
	.max = MODERATION_DETAILS_MAX, .about = "the same in words"

/* The answer of what leaves nothing to say: 204, or 404 of what is missing. */
enum http_status moderation_done(struct reply *reply, struct db_rows *rows);

/* The same where somebody was to be suspended or restored: 403 as well, for one
 * whose role is not below the moderator's, by the column below. */
enum http_status moderation_done_user(
    struct reply *reply, struct db_rows *rows);

/* MODERATION_ROLE_SHAPE from the first row's columns of these names. */
#define MODERATION_ROLE_SHAPE "{user: {username: name, role: line}}"
enum http_status moderation_reply_role(
    struct reply *reply, struct db_rows *rows);

/* A report as who has made it sees it: 201, or 200 when the column fresh is
 * false: it was there. */
#define MODERATION_REPORT_MEMBERS_SHAPE                                        \
	"id: int, status: line, reason: line, details: text?, createdAt: time"
#define MODERATION_REPORT_SHAPE                                                \
	"{report: Report{" MODERATION_REPORT_MEMBERS_SHAPE "}}"
enum http_status moderation_reply_report(
    struct reply *reply, struct db_rows *rows);

/* One report as moderators see it, as the value of key (NULL in a list).
 * reporter, and author of what is reported, are user names; commentId and
 * comment, its text, are null when that is the article; hidden is of what is
 * reported. */
#define MODERATION_CASE_SHAPE                                                  \
	"ReportCase{" MODERATION_REPORT_MEMBERS_SHAPE                          \
	", resolution: line?, closedAt: time?, reporter: name, author: name,"  \
	" slug: line?, title: line?, commentId: int?, comment: text?,"         \
	" hidden: bool}"
void moderation_write_case(
    struct out *o, const char *key, struct db_rows *rows, int row);

/* A line of the log, likewise.  moderator is null when he is gone, or it was a
 * command; username is of whom it was done to. */
#define MODERATION_LOG_SHAPE                                                   \
	"ModerationLogLine{id: int, createdAt: time, moderator: name?,"        \
	" action: line, username: name, slug: line?, commentId: int?,"         \
	" outcome: line?, reason: text?}"
void moderation_write_log(
    struct out *o, const char *key, struct db_rows *rows, int row);

#endif /* MODERATION_H */
