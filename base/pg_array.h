/* SPDX-License-Identifier: MIT */
/*
 * pg_array -- the items of a PostgreSQL array in binary form, one by one.
 *
 *	int32 dimensions (0 or 1), int32 has NULLs, int32 type of the items,
 *	for the dimension int32 how many and int32 the first index,
 *	for each item int32 length (-1: NULL) and its bytes; all big-endian
 *
 * Source: array_send() in PostgreSQL's src/backend/utils/adt/arrayfuncs.c.
 * Pure: bytes in, spans of the same bytes out, no allocation.
 */
#ifndef PG_ARRAY_H
#define PG_ARRAY_H

#include "base.h"

struct pg_array {
	struct span rest; /* what has not been read yet */
	uint32_t left;    /* items in it */
};

/*
 * Begin with the bytes of one value.  False, and an array without items, when
 * they are no array, it has more than one dimension, or the items are not of
 * this type (an OID, such as 25 for text).
 */
bool pg_array_open(
    struct pg_array *a, struct span bytes, uint32_t type) MUST_CHECK;

/* The next item; item->at is NULL for NULL.  False at the end, and when the
 * bytes end before it does. */
bool pg_array_next(struct pg_array *a, struct span *item) MUST_CHECK;

#endif /* PG_ARRAY_H */
