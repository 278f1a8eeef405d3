/* SPDX-License-Identifier: MIT */
/*
 * accept -- which content a client would rather have: the Accept header.
 * Source: RFC 9110, 12.5.1 and 12.4.2; 5.6 for tokens and quoted strings.
 * Pure: bytes in, a number out, no allocation.
 */
#ifndef ACCEPT_H
#define ACCEPT_H

#include "base.h"

enum {
	ACCEPT_QUALITY_ONE = 1000, /* thousandths: q=1 */
};

/*
 * How much the client wants a type such as "application/json", in thousandths;
 * 0 is not at all.  Of the ranges that match it, the most precise decides, of
 * those the largest.  An empty field wants everything.  A range with a
 * parameter other than charset=utf-8 matches nothing, for no type here has
 * one; what is not well-formed is passed over, up to the next comma.  *named
 * tells whether that range is the type itself and not application/ * or any.
 */
int accept_quality(
    struct span accept, const char *type, bool *named) MUST_CHECK;

#endif /* ACCEPT_H */
