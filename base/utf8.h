/* SPDX-License-Identifier: MIT */
/*
 * utf8 -- questions about text from outside.  Pure: no allocation, no globals.
 * Unicode itself is the work of utf8proc; this file only asks it.
 */
#ifndef UTF8_H
#define UTF8_H

#include "base.h"

/*
 * Characters (code points) in len bytes, or -1 when they are not UTF-8
 * (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF) or hold a
 * NUL, which PostgreSQL cannot store.  Here and below s may be NULL when len
 * is 0.
 */
ptrdiff_t utf8_length(const char *s, size_t len) MUST_CHECK;

/*
 * The part of s[0..len) without white space at both ends (Unicode White_Space;
 * an ideographic space counts).  s must be UTF-8: bytes that are not end the
 * trimming.  The result points into s, also when *len becomes 0.
 */
const char *utf8_trim(const char *s, size_t *len) MUST_CHECK;

/*
 * Whether a control character (U+0000-1F, U+007F-9F) stands in it, or bytes
 * that are not UTF-8, which some reader could take for one.
 */
bool utf8_has_control(const char *s, size_t len) MUST_CHECK;

#endif /* UTF8_H */
