/* SPDX-License-Identifier: MIT */
/*
 * block-list -- whom one blocks, the last first.
 *
 *	GET /api/user/blocks?limit=20&after=
 *	    limit	at most so many; above 100 it counts as 100
 *	    after	from the Link header of the page before
 *
 *	200	{"profiles":[...]}; a Link header names the next page
 *	401	no token, or not a valid one
 *	422	limit below 1 or no integer, or no such after
 */
#include "account.h"
#include "block-list.sql.h"
#include "fn.h"
#include "page.h"

enum { LIMIT, AFTER };

static const struct fn_input inputs[] = {
    [LIMIT] = {PAGE_LIMIT(ACCOUNT_PAGE_MAX, "20")},
    [AFTER] = {PAGE_AFTER},
};

static enum http_status
block_list(struct req *req, struct reply *reply)
{
	struct page_place after = page_after(req, AFTER);
	struct db_rows *page;

	page = req_query(req, &newest,
	    DB_ARGS(
	        req->user_id, req_text(req, LIMIT), after.time_us, after.id));
	out_begin(&reply->out, NULL);
	out_list(&reply->out, "profiles");
	for (int i = 0; i < page->n; i++) {
		out_begin(&reply->out, NULL);
		account_write_profile(
		    &reply->out, page, i, db_bool(page, i, "following"));
		out_end(&reply->out);
	}
	out_end(&reply->out);
	out_end(&reply->out);
	if (page->n == req_int(req, LIMIT))
		page_link(req, reply, db_time(page, page->n - 1, "created_at"),
		    db_int(page, page->n - 1, "blocked_id"));
	return HTTP_OK;
}

FN_DESCRIPTOR(block_list) = {
    .route = "GET /api/user/blocks",
    .about = "Whom one blocks.",
    .auth = FN_REQUIRED,
    .inputs = FN_INPUTS(inputs),
    .replies = FN_REPLIES(FN_ANSWER(
        HTTP_OK, "the last first", "{profiles: [" PROFILE_SHAPE "]}")),
    .statements = statements,
    .handle = block_list,
};
