/* SPDX-License-Identifier: MIT */
/*
 * csv -- tables as text/csv (RFC 4180): lines end with CR LF, and a field with
 * a comma, a quote or a line end stands in quotes.
 *
 * A spreadsheet takes a field that begins with = + - @ for a formula.  That is
 * its own doing and the bytes are not changed here: whoever lets strangers fill
 * a table that people open in one has to refuse such texts on the way in.
 */
#ifndef CSV_H
#define CSV_H

#include "buf.h"

/* A line of n fields, 1 or more; NULL is written as an empty one.  A line of
 * one empty field is "", so that no reader takes it for none. */
void csv_row(struct buf *b, const char *const *fields, int n);

#endif /* CSV_H */
