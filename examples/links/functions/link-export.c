/* SPDX-License-Identifier: MIT */
/*
 * link-export -- the owner's links as CSV (RFC 4180), newest first.
 *
 *	GET /links.csv
 *
 *	200	slug,url,note,hits,createdAt
 */
#include "csv.h"
#include "fn.h"
#include "link-export.sql.h"

static enum http_status
link_export(struct req *req, struct reply *reply)
{
	static const char *const columns[] = {
	    "slug", "url", "note", "hits", "createdAt"};
	struct buf *csv = reply_body(reply, "text/csv; charset=utf-8");
	struct db_rows *links = req_query(req, &all, DB_ARGS(req->user_id));
	const char *fields[LENGTH(columns)];

	csv_row(csv, columns, LENGTH(columns));
	for (int i = 0; i < links->n; i++) {
		for (size_t c = 0; c < LENGTH(columns); c++)
			fields[c] = db_as_text(links, i, columns[c]);
		csv_row(csv, fields, LENGTH(columns));
	}
	return HTTP_OK;
}

FN_DESCRIPTOR(link_export) = {
    .route = "GET /links.csv",
    .about = "The owner's links as CSV.",
    .auth = FN_REQUIRED,
    .statements = statements,
    .handle = link_export,
};
