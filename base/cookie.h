/* SPDX-License-Identifier: MIT */
/*
 * cookie -- the Cookie header of a request (RFC 6265, section 4.2.1).  Pure.
 */
#ifndef COOKIE_H
#define COOKIE_H

#include "base.h"

/*
 * Step through "a=1; b=2".  rest starts as the whole header and is moved on;
 * false at the end.  Blanks around name and value and one pair of quotes around
 * the value are no part of them; what has no '=' or no name is passed over.
 * At the end name and value are left as they were.
 */
bool cookie_next(
    struct span *rest, struct span *name, struct span *value) MUST_CHECK;

/*
 * The value of a cookie as reply_cookie() was given it: %XX decoded, or as it
 * is where a '%' is no such thing, for others set cookies, too.  out has room
 * for value.len + 1 bytes and gets a NUL.  Returns the length; the result may
 * hold NUL and bad UTF-8.
 */
size_t cookie_decode(struct span value, char *out);

#endif /* COOKIE_H */
