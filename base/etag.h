/* SPDX-License-Identifier: MIT */
/*
 * etag -- whether a client has the answer already: the If-None-Match header.
 * Source: RFC 9110, 8.8.3 for tags, 13.1.2 for the header.  Pure: bytes in, an
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

#endif /* ETAG_H */
