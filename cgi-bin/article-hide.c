/* SPDX-License-Identifier: MIT */
/*
 * article-hide -- hide an article from everybody but its author and moderators.
 *
 *	PUT /api/moderation/articles/:slug/hidden
 *			{"hidden":{"reason": str}}
 *	    reason	1 to 1000 characters, for the log
 *
 *	204	it is hidden; again changes nothing
 *	401	no token, or not a valid one
 *	403	the user is no moderator
 *	404	no article has this slug
 *	422	reason is blank, too long or no text
 */
#include "article-hide.sql.h"
#include "article.h"
#include "fn.h"
#include "moderation.h"

enum { SLUG, REASON };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
    [REASON] = {MODERATION_REASON_INPUT, .in = FN_BODY, .required = true},
};

static enum http_status
article_hide(struct req *req, struct reply *reply)
{
	return moderation_done(
	    reply, req_query(req, &hide,
	               DB_ARGS(req->user_id, req_text(req, SLUG),
	                   req_text(req, REASON))));
}

FN_DESCRIPTOR(article_hide) = {
    .route = "PUT /api/moderation/articles/:slug/hidden",
    .about = "Hide an article from everybody but its author and moderators.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .body_root = "hidden",
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_NO_CONTENT, "it is hidden", NULL),
        FN_REFUSAL(HTTP_FORBIDDEN, "the user is no moderator"),
        FN_REFUSAL(HTTP_NOT_FOUND, "no article has this slug")),
    .statements = statements,
    .handle = article_hide,
};
