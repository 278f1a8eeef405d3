/* SPDX-License-Identifier: MIT */
/*
 * guestbook-show -- the page with the newest entries, and a form for more.
 *
 *	GET /guestbook
 *
 *	200	HTML
 */
#include "fn.h"
#include "guestbook-show.sql.h"
#include "html.h"

static const char head[] =
    "<!doctype html>\n"
    "<html lang=\"en\">\n"
    "<head><meta charset=\"utf-8\"><title>Guestbook</title></head>\n"
    "<body>\n"
    "<h1>Guestbook</h1>\n";

static const char form[] =
    "<form method=\"post\" action=\"/guestbook\">\n"
    "<label>Name <input name=\"name\" maxlength=\"80\" required></label>\n"
    "<label>Message <textarea name=\"message\" maxlength=\"1000\" required>"
    "</textarea></label>\n"
    "<button>Sign</button>\n"
    "</form>\n";

static enum http_status
guestbook_show(struct req *req, struct reply *reply)
{
	struct buf *page = reply_body(reply, "text/html; charset=utf-8");
	struct db_rows *entries = req_query(req, &newest, DB_NO_ARGS);
	struct db_rows *total = req_query(req, &count, DB_NO_ARGS);

	buf_text(page, head);
	html_format(page, "<p>Entries: %s</p>\n", db_as_text(total, 0, "n"));
	buf_text(page, form);
	for (int i = 0; i < entries->n; i++)
		html_format(page,
		    "<article><h2>%s</h2><p>%s</p><time>%s</time></article>\n",
		    db_text(entries, i, "name"), db_text(entries, i, "message"),
		    db_as_text(entries, i, "created_at"));
	buf_text(page, "</body>\n</html>\n");
	return HTTP_OK;
}

FN_DESCRIPTOR(guestbook_show) = {
    .route = "GET /guestbook",
    .about = "The guestbook, as a page.",
    .auth = FN_PUBLIC,
    .statements = statements,
    .handle = guestbook_show,
};
