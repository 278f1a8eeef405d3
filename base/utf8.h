/* SPDX-License-Identifier: MIT */
/*
 * utf8 -- questions about text from outside, and its normal form.  No globals;
 * only utf8_nfc() allocates.  Unicode itself is the work of utf8proc; this file
 * asks it, and knows where it is wrong.
 */
#ifndef UTF8_H
#define UTF8_H

#include "base.h"

/* Bytes that suffice for utf8_nfc() of len bytes, with NUL: a character grows
 * to three times its bytes at most (Unicode FAQ, Normalization, "maximum
 * expansion factors": U+1D160 in UTF-8), and composing only shortens. */
#define UTF8_NFC_ROOM(len) (3 * (size_t)(len) + 1)

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
 * Whether something stands in it that breaks a line or re-orders it: a control
 * character (U+0000-1F, U+007F-9F), a line or paragraph separator (U+2028-9),
 * an embedding, override or isolate of bidirectional text (U+202A-E,
 * U+2066-9); or bytes that are not UTF-8, which some reader could take for one.
 * Joiners (U+200C-D) and marks of direction (U+200E-F, U+061C) are none:
 * Persian, Hebrew and emoji need them, and they act on their neighbours only.
 */
bool utf8_has_control(const char *s, size_t len) MUST_CHECK;

/*
 * Take the first character off rest.  False at the end, and where the bytes
 * are not UTF-8: rest->len then tells which.  U+0000 is a character here.
 */
bool utf8_next(struct span *rest, int32_t *c) MUST_CHECK;

/*
 * Whether c leaves no ink: white space, control and format characters,
 * Default_Ignorable_Code_Point, and the few that are drawn as nothing.  Format
 * characters that enclose or precede digits (U+06DD) are drawn, so they are
 * not.  c is a code point.
 */
bool utf8_is_invisible(int32_t c) MUST_CHECK;

/* Whether c is one of what utf8_has_control() looks for. */
bool utf8_is_control(int32_t c) MUST_CHECK;

/* Whether c is a combining mark: it belongs to the character before it. */
bool utf8_is_mark(int32_t c) MUST_CHECK;

/* Whether nothing in it can be seen; so it is for no bytes at all.  Bytes that
 * are not UTF-8 are seen. */
bool utf8_is_blank(const char *s, size_t len) MUST_CHECK;

/*
 * Normalization Form C (UAX #15) of s, which must be UTF-8, into out, with a
 * NUL.  Returns the length without it, or -1: errno is then ENOMEM, ERANGE when
 * size is too small (UTF8_NFC_ROOM() always suffices), or EILSEQ for some
 * bytes that are not UTF-8, and out is of no use.  s and out must not overlap.
 */
ptrdiff_t utf8_nfc(
    const char *s, size_t len, char *out, size_t size) MUST_CHECK;

#endif /* UTF8_H */
