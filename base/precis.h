/* SPDX-License-Identifier: MIT */
/*
 * precis -- names and passwords in the one form in which they are stored and
 * compared, after PRECIS (RFC 8264 to 8266).  Both return NULL when text is
 * fine: out then holds that form, UTF-8 in NFC with a NUL; applying it again
 * changes nothing.  Otherwise they return what to say of the field ("can't be
 * blank"), and out is of no use.
 *
 * UTF8_NFC_ROOM(text.len) bytes always suffice; with less, text that does not
 * fit "is too long".  text may be any bytes and must not overlap out.  No
 * globals; what is allocated is freed before they return.
 *
 * Neither asks for a length, and neither tells look-alikes apart: Latin "a" and
 * Cyrillic "а" are two names.
 */
#ifndef PRECIS_H
#define PRECIS_H

#include "base.h"

/* What is returned, this very pointer, when memory is out: not the client's
 * fault. */
extern const char precis_no_memory[];

/*
 * A name that people see and that is one segment of a path.
 *
 * Made alike: fullwidth and halfwidth forms become the usual ones (RFC 8265,
 * 3.3.1), white space at both ends goes, each run of spaces becomes one ASCII
 * space (RFC 8266, 2.1), NFC.  U+FE0E and U+FE0F go: they choose between the
 * black and the coloured form of one emoji, and telephones add them unasked.
 * RFC 8264 would refuse them, as it does the others of their kind.
 *
 * Refused: a name in which nothing can be seen; what utf8_has_control() finds;
 * invisible and format characters, with which two names could look the
 * same, so emoji joined by U+200D, too; U+200C and U+200D are fine after a
 * virama (RFC 5892, A.1 and A.2; of A.1 not the rule for Arabic, whose data
 * utf8proc lacks); private and unassigned characters (utf8proc 2.8: Unicode
 * 15.0); a combining mark at the start; / \ ; ? # %, "." and "..".
 */
const char *precis_name(struct span text, char *out, size_t size) MUST_CHECK;

/*
 * A password: OpaqueString (RFC 8265, 4.2).  Each space that is not ASCII
 * becomes one that is, NFC; nothing is trimmed, dropped or folded.
 *
 * Refused: NUL and what utf8_has_control() finds, which no password manager
 * makes and nobody types, and a password in which nothing can be seen.  RFC
 * 8264 would also refuse invisible, private and unassigned characters; here
 * they pass, because people type emoji with joiners, and newer ones than this
 * Unicode knows.  The price: should a later Unicode give such a character
 * another normal form, that password has to be set again.
 */
const char *precis_password(
    struct span text, char *out, size_t size) MUST_CHECK;

#endif /* PRECIS_H */
