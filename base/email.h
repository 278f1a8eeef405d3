/* SPDX-License-Identifier: MIT */
/*
 * email -- whether text is an address that mail can be sent to.  Pure: no
 * allocation, no globals.  It says nothing about whether somebody reads it.
 */
#ifndef EMAIL_H
#define EMAIL_H

#include "base.h"

/*
 * Whether text is local@domain.
 *
 * The local part is a dot-atom (RFC 5322, 3.2.3) of 1 to 64 bytes: letters,
 * digits and !#$%&'*+-/=?^_`{|}~, no dot at an end or beside another; and
 * letters, marks, digits, signs of other scripts (RFC 6531, 3.3), but nothing
 * invisible, unassigned or private.  Quoted strings and comments are refused,
 * though RFC 5322 has them: hardly anybody has such an address, and many
 * programs take it apart wrongly.
 *
 * The domain has at most 255 bytes in labels of 1 to 63 with dots between:
 * letters, digits, hyphens not at an end, and letters, marks and decimal digits
 * of other scripts (after RFC 5892).  One label will do ("a@localhost"); an
 * address in brackets and a dot at the end are refused, and joiners and emoji,
 * for which the domain has an ASCII form (xn--...).
 *
 * Neither holds a fullwidth, halfwidth or small form, such as U+FF20, which
 * looks like "@", nor an atom or label that begins with a combining mark.
 */
bool email_is_address(struct span text) MUST_CHECK;

#endif /* EMAIL_H */
