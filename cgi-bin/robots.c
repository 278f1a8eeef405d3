/* SPDX-License-Identifier: MIT */
/*
 * robots -- what search engines may read: everything, and where the list is
 * (RFC 9309).
 *
 *	GET /robots.txt
 *
 *	200	text
 */
#include "fn.h"
#include "site.h"

static enum http_status
robots(struct req *req, struct reply *reply)
{
	buf_format(reply_body(reply, "text/plain; charset=utf-8"),
	    "User-agent: *\nDisallow:\n\nSitemap: %s\n",
	    site_url(req->arena, "/sitemap.xml", ""));
	return HTTP_OK;
}

FN_DESCRIPTOR(robots) = {
    .route = "GET /robots.txt",
    .about = "What search engines may read.",
    .auth = FN_PUBLIC,
    .replies = FN_REPLIES({.status = HTTP_OK,
        .about = "text",
        .type = "text/plain; charset=utf-8"}),
    .handle = robots,
};
