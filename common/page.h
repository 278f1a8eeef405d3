/* SPDX-License-Identifier: MIT */
/*
 * page -- a list in pages, in the order of (time, id), newest first: the inputs
 * ?limit=, ?offset= and ?after=, and the Link header that names the next page.
 *
 *	enum { TAG, LIMIT, OFFSET, AFTER };
 *	...
 *	    [LIMIT] = {PAGE_LIMIT(100, "20")},
 *	    [OFFSET] = {PAGE_OFFSET(10000)},
 *	    [AFTER] = {PAGE_AFTER},
 *
 * By offset the database steps over what stands before a page; after= is the
 * place where the last one ended, found by an index, so that a deep page costs
 * what the first does, and none is shifted by what is written meanwhile.
 * Clients take it from Link (RFC 8288) and need not know what it says:
 * microseconds since 1970 and id, "1764176428123456_42".
 */
#ifndef PAGE_H
#define PAGE_H

#include "reply.h"
#include "req.h"

#define PAGE_LIMIT(maximum, normal)                                            \
	.name = "limit", .in = FN_QUERY, .type = FN_INT, .min = 1,             \
	.max = (maximum), .clamp = true, .or_else = (normal),                  \
	.about = "at most so many"
#define PAGE_OFFSET(maximum)                                                   \
	.name = "offset", .in = FN_QUERY, .type = FN_INT, .max = (maximum),    \
	.or_else = "0", .about = "leave out so many at the start"
/* 16 digits are the year 2286, 18 fit a bigint. */
#define PAGE_AFTER                                                             \
	.name = "after", .in = FN_QUERY, .type = FN_LINE,                      \
	.pattern = "[0-9]{1,16}_[0-9]{1,18}",                                  \
	.message = "must come from a Link header", .max = 35,                  \
	.about = "where the page before ended, as its Link header says"

/* For $n::bigint: where a page begins.  Without ?after= both are larger than
 * any. */
struct page_place {
	const char *time_us, *id;
};

/* What ?after= says, which is the input `after`. */
struct page_place page_after(const struct req *req, int after);

/*
 * Link: <...>; rel="next" with the request's own path and query, but for
 * offset, and after= the place of this row.  Call it when the page is full,
 * which says that there may be more.
 */
void page_link(
    struct req *req, struct reply *reply, int64_t time_us, int64_t id);

/*
 * {key:[...]}, each row by write with the key NULL, and the Link header if
 * there are as many as the input limit says.  Columns: id, NULL in the one row
 * of an empty page, and created_at, beside those that write reads.  Returns
 * 200.
 */
enum http_status page_reply(struct req *req, struct reply *reply,
    struct db_rows *page, int limit, const char *key,
    void (*write)(
        struct out *o, const char *key, struct db_rows *rows, int row));

#endif /* PAGE_H */
