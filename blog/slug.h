/* SPDX-License-Identifier: MIT */
/*
 * slug -- an address part from a title: lower case, accents dropped, runs of
 * everything that is neither letter nor digit become one '-', none at the ends.
 *
 *	"Ünïcode & C: a Story"  ->  "unicode-c-a-story"
 *
 * Latin letters lose their marks (NFKD); those that have none, such as ø, stay.
 * Letters and digits of other scripts stay as they are (UTF-8), with their
 * marks: without them a word of Hindi or Thai is another word.  Invisible
 * characters (soft hyphen, joiners) vanish.  A title with no letter and no
 * digit gives "".  The slug of a slug is itself.  It is not unique: the caller
 * adds what makes it so.
 */
#ifndef SLUG_H
#define SLUG_H

#include "base.h"

enum {
	SLUG_MAX_BYTES = 120, /* cut at a character; leaves room in a URL */
};

/*
 * Writes at most SLUG_MAX_BYTES and a NUL.  title must not overlap out; a byte
 * in it that is not UTF-8 counts as neither letter nor digit.
 */
void slug_from_title(const char *title, char out[SLUG_MAX_BYTES + 1]);

#endif /* SLUG_H */
