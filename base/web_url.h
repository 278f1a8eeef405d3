/* SPDX-License-Identifier: MIT */
/*
 * web_url -- whether text is the address of a web page, in the form in which it
 * is kept and may stand in a Location header.  Pure.
 */
#ifndef WEB_URL_H
#define WEB_URL_H

#include "base.h"

/* Bytes that suffice for web_url_read() of len bytes: a byte becomes %XX. */
#define WEB_URL_ROOM(len) (3 * (size_t)(len) + 1)

/*
 * Read an absolute URL of http or https (RFC 3986, section 3; RFC 9110, 4.2):
 * scheme://host[:port][/path][?query][#fragment].
 *
 * Scheme and host become small letters.  What stands in path, query and
 * fragment and is not ASCII, or one of "<>\^`{|} and '[' ']' in a path, becomes
 * %XX (RFC 3987, section 3.1, and as browsers send it); "%" is left alone where
 * two hexadecimal digits follow.
 *
 * Refused: other schemes; a user ("https://bank.example@evil.example/"); a host
 * that is not ASCII, for which xn-- stands; labels that are empty, over 63
 * bytes or begin or end with "-"; a host over 253 bytes; a port that is empty
 * or beyond 65535; blanks and control characters anywhere; "%" without two
 * digits; bytes that are not UTF-8.  An address in [ ] (RFC 3986, 3.2.2) is
 * made of digits, a to f, ':' and '.', and is looked at no further.
 *
 * out has room for WEB_URL_ROOM(text.len) bytes and gets a NUL.  Returns the
 * length, or -1; out is then of no use.  Whether anybody answers there, and
 * whether the address is one of this very network, is not asked.
 */
ptrdiff_t web_url_read(struct span text, char *out) MUST_CHECK;

#endif /* WEB_URL_H */
