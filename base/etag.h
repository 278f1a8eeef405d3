/* SPDX-License-Identifier: MIT */
/*
 * etag -- lists of tags: whether a client has the answer already, which is the
 * If-None-Match header, and which answer it has, If-Match.
 * Source: RFC 9110, 8.8.3 for tags, 13.1 for the headers.  Pure: bytes in, an
 * answer out, no allocation.
 */
#ifndef ETAG_H
#define ETAG_H

#include "base.h"

/*
 * Whether the list names this tag, or is "*".  tag is what stands between the
 * quotes.  The comparison is weak, as for GET it has to be, so W/"a" names a,
 * too: nginx makes tags weak when it compresses.  A list that is not
 * well-formed names what stands before the fault.
 */
bool etag_is_listed(struct span list, struct span tag) MUST_CHECK;

/*
 * Take the next tag off the front of a list: what stands between its quotes,
 * and whether W/ stands before them.  False at the end, and at what is no tag.
 */
bool etag_next(struct span *list, struct span *tag, bool *weak) MUST_CHECK;

#endif /* ETAG_H */
