/* SPDX-License-Identifier: MIT */
/*
 * feed -- articles for feed readers: RSS 2.0 (with content, atom:link and
 * dc:creator) and JSON Feed 1.1.
 */
#ifndef FEED_H
#define FEED_H

#include "db.h"
#include "reply.h"
#include "req.h"

enum {
	/* Bytes of HTML in one feed, of which escaping can make six times as
	 * many; what is beyond goes without its content. */
	FEED_HTML_MAX = 800 * 1024,
};

struct feed {
	const char *title; /* of the site, and what it is filtered by */
	const char *home;  /* URL of the page with the same articles */
	const char *self;  /* URL of the feed */
};

/*
 * The articles of rows as a feed, in reply.  Columns: id, address (the slug),
 * title, description, tag_list, body or NULL for one that is too long,
 * listed_at, updated_at, pub_date (RFC 822), username.
 */
void feed_write_rss(struct req *req, struct reply *reply,
    const struct feed *feed, struct db_rows *rows);
void feed_write_json(struct req *req, struct reply *reply,
    const struct feed *feed, struct db_rows *rows);

#endif /* FEED_H */
