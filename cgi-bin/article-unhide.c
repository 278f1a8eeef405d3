/* SPDX-License-Identifier: MIT */
/*
 * article-unhide -- show an article again that is hidden.
 *
 *	DELETE /api/moderation/articles/:slug/hidden?reason=
 *	    reason	1 to 1000 characters, for the log; may be left out
 *
 *	204	it is not hidden; again changes nothing
 *	401	no token, or not a valid one
 *	403	the user is no moderator
 *	404	no article has this slug
 *	422	reason is too long or no text
 */
#include "article-unhide.sql.h"
#include "article.h"
#include "fn.h"
#include "moderation.h"

enum { SLUG, REASON };

static const struct fn_input inputs[] = {
    [SLUG] = {ARTICLE_SLUG_INPUT},
    [REASON] = {MODERATION_REASON_INPUT, .in = FN_QUERY},
};

static enum http_status
article_unhide(struct req *req, struct reply *reply)
{
	return moderation_done(
	    reply, req_query(req, &unhide,
	               DB_ARGS(req->user_id, req_text(req, SLUG),
	                   req_text(req, REASON))));
}

FN_DESCRIPTOR(article_unhide) = {
    .route = "DELETE /api/moderation/articles/:slug/hidden",
    .about = "Show an article again that is hidden.",
    .auth = FN_REQUIRED,
    .role = FN_WRITER,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(HTTP_NO_CONTENT, "it is not hidden", NULL),
        FN_REFUSAL(HTTP_FORBIDDEN, "the user is no moderator"),
        FN_REFUSAL(HTTP_NOT_FOUND, "no article has this slug")),
    .statements = statements,
    .handle = article_unhide,
};
